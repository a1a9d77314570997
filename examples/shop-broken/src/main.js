import { paymentService } from './payment.js'
import { shopServer } from './server.js'

const { PORT = '8080', PAYMENT_URL: url = '', PAYMENT_ACCESS_KEY: accessKey = '' } = process.env

const server = shopServer(paymentService({ url, accessKey }))
server.listen(Number(PORT), () => process.stdout.write(`the shop listens on port ${PORT}\n`))
process.on('SIGTERM', () => server.close())
