// Settings of static hosts with the security headers, all made from src/sw/security-headers.json.
//   node scripts/hosting.mjs          writes them
// A test compares the files with what this makes, so that they cannot drift.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = new URL('../', import.meta.url);

/** By path in the repository. `headers`: by name. */
export function hostingFiles(headers) {
  const all = Object.entries(headers);
  /** A line for each header. */
  const lines = write => all.map(([name, value]) => write(name, value)).join('\n');
  const types = { gguf: 'application/octet-stream', webmanifest: 'application/manifest+json' };
  const typed = write =>
    Object.entries(types)
      .map(([end, type]) => write(end, type))
      .join('\n');
  return {
    // Netlify and Cloudflare Pages read it from the site's folder.
    'public/_headers': `/*\n${lines((name, value) => `  ${name}: ${value}`)}\n`,

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
</IfModule>
`,

    'hosting/Caddyfile': `# caddy run --config Caddyfile
bedside.example {
	root * /srv/bedside
	header {
${lines((name, value) => `\t\t${name} "${value}"`)}
		Cache-Control "no-cache"
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
</configuration>
`,

    'hosting/vercel.json': `${JSON.stringify(
      { headers: [{ source: '/(.*)', headers: all.map(([key, value]) => ({ key, value })) }] },
      null,
      2,
    )}\n`,

    'hosting/cloudfront-function.js': `// CloudFront, in front of a bucket: a function (runtime 2.0) on the event "viewer response".
function handler(event) {
  const { response } = event;
${lines((name, value) => `  response.headers['${name.toLowerCase()}'] = { value: ${JSON.stringify(value)} };`)}
  response.headers['cache-control'] = { value: 'no-cache' };
  return response;
}
`,
  };
}

/** What the files are made from. */
export function readSecurityHeaders() {
  return JSON.parse(readFileSync(new URL('src/sw/security-headers.json', root), 'utf8'));
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const [path, text] of Object.entries(hostingFiles(readSecurityHeaders()))) {
    const file = fileURLToPath(new URL(path, root));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    process.stdout.write(`${path}\n`);
  }
}
