// Settings of static hosts with the security headers, all made from src/sw/security-headers.json and compute-policy.json.
//   node scripts/hosting.mjs          writes them
// A test compares the files with what this makes, so that they cannot drift.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = new URL('../', import.meta.url);

const policyName = 'Content-Security-Policy';

/** By path in the repository. `headers`: by name. `compute`: the policy of the scripts that compute, and the folder that holds no others. */
export function hostingFiles(headers, compute) {
  const all = Object.entries(headers);
  const { folder, [policyName]: computePolicy } = compute;
  const ofScripts = all.map(([name, value]) => [name, name === policyName ? computePolicy : value]);
  /** A line for each header. */
  const lines = (write, entries = all) => entries.map(([name, value]) => write(name, value)).join('\n');
  const types = { gguf: 'application/octet-stream', webmanifest: 'application/manifest+json' };
  const typed = write =>
    Object.entries(types)
      .map(([end, type]) => write(end, type))
      .join('\n');
  return {
    // Netlify and Cloudflare Pages read it from the site's folder.
    // What is not taken back ("!") would hold beside what is said anew.
    'public/_headers': `/*\n${lines((name, value) => `  ${name}: ${value}`)}
/${folder}/*
  ! ${policyName}
  ${policyName}: ${computePolicy}
`,

    'hosting/nginx.conf': `# Inside "server { ... }", beside its listen, server_name and certificate lines.
root /srv/bedside;
index index.html;
${lines((name, value) => `add_header ${name} "${value}" always;`)}
# Checked again at every visit: the names of most files do not change from version to version.
add_header Cache-Control "no-cache" always;
include mime.types;
types {
${typed((end, type) => `    ${type} ${end};`)}
}
location / {
    try_files $uri $uri/ =404;
}
# The scripts that compute may compile WebAssembly, and connect to nothing. A location with headers inherits none.
location ~ /${folder}/ {
${lines((name, value) => `    add_header ${name} "${value}" always;`, ofScripts)}
    add_header Cache-Control "no-cache" always;
    try_files $uri =404;
}
`,

    'hosting/apache.htaccess': `# As .htaccess in the site's folder. Needs mod_headers, and "AllowOverride FileInfo Options" for the folder.
Options -Indexes
${typed((end, type) => `AddType ${type} .${end}`)}
<IfModule !mod_headers.c>
  # Without mod_headers the site works; its service worker sends the headers from the first visit on.
</IfModule>
<IfModule mod_headers.c>
${lines((name, value) => `  Header always set ${name} "${value}"`)}
  Header always set Cache-Control "no-cache"
  # The scripts that compute may compile WebAssembly, and connect to nothing.
  <If "%{REQUEST_URI} =~ m#/${folder}/#">
    Header always set ${policyName} "${computePolicy}"
  </If>
</IfModule>
`,

    'hosting/Caddyfile': `# caddy run --config Caddyfile
bedside.example {
	root * /srv/bedside
	header {
${lines((name, value) => `\t\t${name} "${value}"`)}
		Cache-Control "no-cache"
	}
	# The scripts that compute may compile WebAssembly, and connect to nothing.
	@compute path /${folder}/*
	header @compute {
		${policyName} "${computePolicy}"
		defer
	}
	@manifest path *.webmanifest
	header @manifest Content-Type application/manifest+json
	file_server
}
`,

    'hosting/web.config': `<?xml version="1.0" encoding="utf-8"?>
<!-- In the site's folder. IIS sends no file whose type it does not know. -->
<configuration>
  <system.webServer>
    <httpProtocol>
      <customHeaders>
${lines((name, value) => `        <add name="${name}" value="${value}" />`)}
        <add name="Cache-Control" value="no-cache" />
      </customHeaders>
    </httpProtocol>
    <staticContent>
${typed((end, type) => `      <remove fileExtension=".${end}" />\n      <mimeMap fileExtension=".${end}" mimeType="${type}" />`)}
    </staticContent>
    <defaultDocument>
      <files>
        <clear />
        <add value="index.html" />
      </files>
    </defaultDocument>
  </system.webServer>
  <!-- The scripts that compute may compile WebAssembly, and connect to nothing. -->
  <location path="${folder}">
    <system.webServer>
      <httpProtocol>
        <customHeaders>
          <remove name="${policyName}" />
          <add name="${policyName}" value="${computePolicy}" />
        </customHeaders>
      </httpProtocol>
    </system.webServer>
  </location>
</configuration>
`,

    'hosting/vercel.json': `${JSON.stringify(
      {
        headers: [
          { source: `/((?!${folder}/).*)`, headers: all.map(([key, value]) => ({ key, value })) },
          { source: `/${folder}/(.*)`, headers: ofScripts.map(([key, value]) => ({ key, value })) },
        ],
      },
      null,
      2,
    )}\n`,

    'hosting/cloudfront-function.js': `// CloudFront, in front of a bucket: a function (runtime 2.0) on the event "viewer response".
function handler(event) {
  const { request, response } = event;
${lines((name, value) => `  response.headers['${name.toLowerCase()}'] = { value: ${JSON.stringify(value)} };`)}
  // The scripts that compute may compile WebAssembly, and connect to nothing.
  if (request.uri.includes('/${folder}/')) {
    response.headers['${policyName.toLowerCase()}'] = { value: ${JSON.stringify(computePolicy)} };
  }
  response.headers['cache-control'] = { value: 'no-cache' };
  return response;
}
`,
  };
}

const readJson = name => JSON.parse(readFileSync(new URL(`src/sw/${name}`, root), 'utf8'));

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const files = hostingFiles(readJson('security-headers.json'), readJson('compute-policy.json'));
  for (const [path, text] of Object.entries(files)) {
    const file = fileURLToPath(new URL(path, root));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    process.stdout.write(`${path}\n`);
  }
}
