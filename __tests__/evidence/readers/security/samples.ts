import type { Format } from '../../../../src/language/formats.js'

const misconfiguration = {
  ID: 'DS002',
  Title: 'root',
  Message: 'runs as root',
  Severity: 'HIGH',
  Status: 'FAIL',
  CauseMetadata: { StartLine: 3, EndLine: 4 },
}

/** A small report of each format that is one JSON document, with a finding in each list that can hold one. */
export const samples: readonly (readonly [format: Format, report: object])[] = [
  [
    'npm-audit',
    {
      auditReportVersion: 2,
      vulnerabilities: { x: { name: 'x', severity: 'high', via: [{ source: 1, title: 'bad', severity: 'high' }] } },
    },
  ],
  [
    'npm-audit',
    { advisories: { '1': { module_name: 'x', severity: 'high' } }, metadata: { vulnerabilities: { high: 1 } } },
  ],
  [
    'gitleaks-json',
    [{ RuleID: 'generic', File: 'a.py', StartLine: 1, Secret: 'canary', Match: 'canary', Email: 'canary' }],
  ],
  [
    'trivy',
    {
      SchemaVersion: 2,
      ArtifactName: '.',
      ArtifactType: 'filesystem',
      Results: [
        {
          Target: 'package-lock.json',
          Class: 'lang-pkgs',
          Type: 'npm',
          Vulnerabilities: [
            {
              VulnerabilityID: 'CVE-1',
              PkgName: 'lodash',
              InstalledVersion: '4.17.20',
              FixedVersion: '4.17.21',
              Severity: 'HIGH',
              Title: 'Command Injection',
              PrimaryURL: 'https://avd.aquasec.com/nvd/cve-1',
            },
          ],
        },
        { Target: 'Dockerfile', Class: 'config', Type: 'dockerfile', Misconfigurations: [misconfiguration] },
        {
          Target: 'deploy.sh',
          Class: 'secret',
          Secrets: [
            { RuleID: 'aws-key', Title: 'AWS key', Severity: 'CRITICAL', StartLine: 2, EndLine: 2, Match: 'canary' },
          ],
        },
        {
          Target: 'OS',
          Class: 'license',
          Licenses: [{ Name: 'GPL-3.0', PkgName: 'x', Severity: 'HIGH', Category: 'r' }],
        },
      ],
    },
  ],
  [
    'trivy',
    { ClusterName: 'c', Resources: [{ Kind: 'Pod', Name: 'p', Results: [{ Misconfigurations: [misconfiguration] }] }] },
  ],
  [
    'trivy',
    [
      {
        Target: 'yarn.lock',
        Type: 'yarn',
        Vulnerabilities: [{ VulnerabilityID: 'CVE-1', PkgName: 'x', Severity: 'LOW' }],
      },
    ],
  ],
  [
    'grype',
    {
      matches: [
        {
          vulnerability: {
            id: 'CVE-1',
            severity: 'Negligible',
            dataSource: 'https://x.example/CVE-1',
            fix: { versions: ['2'] },
          },
          relatedVulnerabilities: [{ description: 'bad' }],
          artifact: { name: 'zlib', version: '1', locations: [{ path: '/go.mod' }] },
        },
      ],
      source: { type: 'directory', target: '.' },
      descriptor: { name: 'grype' },
    },
  ],
  [
    'snyk',
    {
      ok: false,
      vulnerabilities: [
        {
          id: 'SNYK-1',
          packageName: 'x',
          version: '1',
          severity: 'medium',
          title: 'bad',
          fixedIn: ['2'],
          from: ['a', 'x@1'],
        },
      ],
      displayTargetFile: 'web/package-lock.json',
      uniqueCount: 1,
    },
  ],
  [
    'snyk',
    {
      ok: false,
      infrastructureAsCodeIssues: [{ publicId: 'CC-1', severity: 'low', title: 'open', lineNumber: 3 }],
      targetFile: 'a.tf',
    },
  ],
  [
    'osv-scanner',
    {
      results: [
        {
          source: { path: '/r/Cargo.lock', type: 'lockfile' },
          packages: [
            {
              package: { name: 'x', version: '1', ecosystem: 'crates.io' },
              vulnerabilities: [
                { id: 'GHSA-1', aliases: ['CVE-1'], summary: 'bad', database_specific: { severity: 'MODERATE' } },
              ],
              groups: [{ ids: ['GHSA-1'], aliases: ['CVE-1'], max_severity: '' }],
            },
          ],
        },
      ],
    },
  ],
  [
    'pip-audit',
    {
      dependencies: [{ name: 'x', version: '1', vulns: [{ id: 'PYSEC-1', fix_versions: ['2'], description: 'bad' }] }],
      fixes: [],
    },
  ],
  ['safety', [['x', '<2', '1', 'bad', '123', null, { base_score: 9.1 }]]],
  [
    'safety',
    {
      report_meta: { vulnerabilities_found: 1 },
      vulnerabilities: [
        {
          vulnerability_id: '1',
          package_name: 'x',
          analyzed_version: '1',
          ignored: {},
          advisory: 'bad',
          severity: { cvssv3: { base_score: 5 } },
        },
      ],
      ignored_vulnerabilities: [],
    },
  ],
  [
    'safety',
    {
      meta: { schema_version: '3.0' },
      scan_results: {
        projects: [
          {
            files: [
              {
                location: 'requirements.txt',
                results: {
                  dependencies: [
                    {
                      name: 'x',
                      specifications: [
                        {
                          raw: 'x==1',
                          vulnerabilities: {
                            known_vulnerabilities: [{ id: '1', ignored: null, vulnerable_spec: '<2' }],
                          },
                        },
                      ],
                    },
                  ],
                },
              },
            ],
          },
        ],
      },
    },
  ],
  [
    'cargo-audit',
    {
      lockfile: { 'dependency-count': 2 },
      vulnerabilities: {
        found: true,
        count: 1,
        list: [{ advisory: { id: 'RUSTSEC-1', title: 'bad' }, package: { name: 'x', version: '1' } }],
      },
      warnings: { yanked: [{ kind: 'yanked', package: { name: 'y', version: '1' }, advisory: null }] },
    },
  ],
  [
    'dependency-check',
    {
      reportSchema: '1.1',
      scanInfo: { engineVersion: '12' },
      dependencies: [
        {
          fileName: 'x.jar',
          filePath: '/r/lib/x.jar',
          packages: [{ id: 'pkg:maven/org.x/x@1.0' }],
          vulnerabilities: [{ source: 'NVD', name: 'CVE-2021-1', severity: 'HIGH', description: 'bad' }],
        },
      ],
    },
  ],
  [
    'cyclonedx',
    {
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      components: [
        { 'bom-ref': 'r', name: 'x', version: '1', group: '@g', components: [{ 'bom-ref': 'in', name: 'y' }] },
      ],
      vulnerabilities: [
        {
          id: 'CVE-1',
          ratings: [{ severity: 'low' }, { score: 9.5, method: 'CVSSv31' }],
          description: 'bad',
          affects: [{ ref: 'r' }, { ref: 'in' }],
        },
      ],
    },
  ],
  [
    'bandit',
    {
      errors: [],
      metrics: { _totals: {} },
      results: [{ test_id: 'B101', issue_severity: 'LOW', issue_text: 'assert', filename: './a.py', line_number: 1 }],
    },
  ],
  [
    'semgrep',
    {
      errors: [],
      results: [
        {
          check_id: 'a.b',
          path: 'a.py',
          start: { line: 1, col: 1 },
          end: { line: 1, col: 2 },
          extra: { severity: 'ERROR', message: 'm' },
        },
      ],
    },
  ],
  [
    'gosec',
    {
      'Golang errors': {},
      Issues: [
        { severity: 'HIGH', rule_id: 'G101', details: 'm', file: '/r/a.go', line: '3-5', column: '2', nosec: false },
      ],
      Stats: { found: 1 },
    },
  ],
  [
    'checkov',
    [
      {
        check_type: 'terraform',
        results: {
          failed_checks: [
            {
              check_id: 'CKV_1',
              check_name: 'm',
              file_path: '/a.tf',
              file_line_range: [1, 3],
              severity: null,
              resource: 'r',
            },
          ],
        },
        summary: { failed: 1 },
      },
    ],
  ],
  [
    'tfsec',
    {
      results: [
        {
          rule_id: 'AVD-1',
          long_id: 'aws-x',
          description: 'm',
          severity: 'HIGH',
          status: 0,
          location: { filename: '/r/a.tf', start_line: 1, end_line: 2 },
        },
      ],
    },
  ],
  [
    'detect-secrets',
    {
      version: '1.5.0',
      plugins_used: [],
      results: {
        'a.py': [
          { type: 'Secret Keyword', filename: 'a.py', hashed_secret: 'canary', is_verified: false, line_number: 3 },
        ],
      },
    },
  ],
  ['github-alerts', [{ number: 1, state: 'open', secret_type: 'github_pat', secret: 'canary', validity: 'active' }]],
  [
    'github-alerts',
    [
      {
        number: 2,
        state: 'open',
        dependency: { package: { name: 'x' }, manifest_path: 'package-lock.json' },
        security_advisory: { ghsa_id: 'GHSA-1', severity: 'high', summary: 'bad' },
        security_vulnerability: { severity: 'critical', vulnerable_version_range: '< 2' },
      },
    ],
  ],
]

/** A small report of each format that is a row of JSON documents. */
export const rows: readonly (readonly [format: Format, report: string])[] = [
  [
    'yarn-audit',
    '{"type":"auditAdvisory","data":{"advisory":{"id":1,"module_name":"x","severity":"high","title":"bad"}}}\n{"type":"auditSummary","data":{"vulnerabilities":{"high":1}}}\n',
  ],
  [
    'yarn-audit',
    '{"value":"x","children":{"ID":1,"Issue":"bad","URL":"https://github.com/advisories/GHSA-aaaa-bbbb-cccc","Severity":"high","Vulnerable Versions":"<2"}}\n',
  ],
  [
    'trufflehog',
    '{"SourceMetadata":{"Data":{"Git":{"file":"a.py","line":3,"email":"canary@example.com"}}},"DetectorName":"AWS","Verified":true,"Raw":"canary"}\n',
  ],
  [
    'govulncheck',
    '{\n  "config": {\n    "protocol_version": "v1.0.0"\n  }\n}\n{\n  "finding": {\n    "osv": "GO-1",\n    "trace": [{ "module": "x", "package": "x/y", "function": "F" }]\n  }\n}\n',
  ],
]
