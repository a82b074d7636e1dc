// The provider of the tests: oidc-provider on a port of this machine, with a form of its own to sign
// in. All persons are made up. It prints its issuer; `rotate` on standard input lets it sign with new
// keys from now on. `/last` shows to where it last sent a browser back.
//
// node provider.mjs PORT REDIRECT_BASE, from the folder in which oidc-provider is installed.

import { createRequire } from 'node:module';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { pathToFileURL } from 'node:url';

const require = createRequire(`${process.cwd()}/`);
const { Provider } = await import(pathToFileURL(require.resolve('oidc-provider')));

const [port, site] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;

// By what is typed as the name at the provider.
const PERSONS = {
  wati: { sub: 'u-1001', name: 'Wati Contoh', preferred_username: 'wati', satu_roles: ['satu-walidata'] },
  petrus: { sub: 'u-1002', name: 'Petrus Contoh', preferred_username: 'petrus.contoh', satu_roles: ['satu-petugas'], instansi: 'K05' },
  ani: { sub: 'u-1003', name: 'Ani Contoh', preferred_username: 'ani', nip: '198503172010012005' },
  tamu: { sub: 'u-1004', name: 'Tamu Contoh', preferred_username: 'tamu' },
  petugas: { sub: 'u-1005', name: 'Petugas Contoh', preferred_username: 'petugas', satu_roles: ['satu-walidata'] },
};
const bySub = (sub) => Object.values(PERSONS).find((person) => person.sub === sub);

function keys() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), use: 'sig', alg: 'RS256' }] };
}

const made = () => {
  const provider = new Provider(issuer, {
    clients: [{
      client_id: 'satu',
      client_secret: 'rahasia-yang-dikarang',
      redirect_uris: [`${site}/masuk/sso/kembali`],
      post_logout_redirect_uris: [`${site}/`],
      backchannel_logout_uri: `${site}/keluar/sso/penyedia`,
      backchannel_logout_session_required: true,
    }],
    jwks: keys(),
    cookies: { keys: ['satu kunci uji'] },
    claims: {
      openid: ['sub', 'amr', 'satu_roles', 'instansi', 'nip'],
      profile: ['name', 'preferred_username'],
    },
    conformIdTokenClaims: false,
    // As it is: the provider itself would call no site on this machine.
    fetch: (url, { dispatcher, ...options }) => globalThis.fetch(url, options),
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: {
        logoutSource: (ctx, form) => {
          ctx.body = `<!doctype html><html lang="id"><head><title>SSO Contoh</title></head><body><main>${form}
<button form="op.logoutForm" name="logout" value="yes" id="yes">Keluar</button></main></body></html>`;
        },
        postLogoutSuccessSource: (ctx) => {
          ctx.body = '<!doctype html><main>sudah keluar</main>';
        },
      },
    },
    interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (ctx, sub) => ({ accountId: sub, claims: () => bySub(sub) }),
    // Nobody is asked whether the site may know who they are.
    loadExistingGrant: async (ctx) => {
      const grant = new ctx.oidc.provider.Grant({
        clientId: ctx.oidc.client.clientId,
        accountId: ctx.oidc.session.accountId,
      });
      grant.addOIDCScope('openid profile');
      await grant.save();
      return grant;
    },
  });
  provider.on('server_error', (ctx, error) => console.log(`error ${error.stack.replaceAll('\n', ' ')}`));
  return provider;
};
let provider = made();

// Where the browser was last sent back to, and whether the next one is kept here to be looked at.
let last = '';
let hold = false;
function watched(response) {
  const end = response.end.bind(response);
  response.end = (...given) => {
    const to = response.getHeader('location');
    if (!to?.startsWith(`${site}/masuk/sso/kembali`)) return end(...given);
    last = to;
    if (!hold) return end(...given);
    hold = false;
    for (const name of ['location', 'content-length']) response.removeHeader(name);
    response.setHeader('content-type', 'text/html');
    response.statusCode = 200;
    return end('<!doctype html><main id="held">berhenti</main>');
  };
}

const form = (uid, asked) => `<!doctype html><html lang="id"><head><title>SSO Contoh</title></head><body><main>
<h1>SSO Contoh</h1><form method="post" action="/interaction/${uid}">
<label for="login">Nama</label><input id="login" name="login" required>
<label><input type="checkbox" name="otp" id="otp" value="1"> dengan kode</label>
<label><input type="checkbox" name="hold" id="hold" value="1"> berhenti sebelum kembali</label>
<label for="menit">Menit sejak sandi diketik</label><input id="menit" name="menit" value="0">
<p>max_age: <b id="max_age">${asked ?? ''}</b></p>
<button id="enter">Masuk</button><button id="cancel" name="cancel" value="1" formnovalidate>Batal</button>
</form></main></body></html>`;

createServer(async (request, response) => {
  watched(response);
  if (request.url === '/last') {
    response.setHeader('content-type', 'text/html');
    response.end(`<!doctype html><main>${last.replaceAll('&', '&amp;')}</main>`);
    return;
  }
  const [, uid] = request.url.match(/^\/interaction\/([\w-]+)$/) ?? [];
  if (!uid) {
    provider.callback()(request, response);
    return;
  }
  if (request.method === 'GET') {
    const { params } = await provider.interactionDetails(request, response);
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(form(uid, params.max_age));
    return;
  }
  let body = '';
  for await (const part of request) body += part;
  const typed = new URLSearchParams(body);
  hold = Boolean(typed.get('hold'));
  const person = PERSONS[typed.get('login')];
  const result = typed.get('cancel') || !person
    ? { error: 'access_denied', error_description: 'tidak jadi' }
    : {
      login: {
        accountId: person.sub,
        amr: typed.get('otp') ? ['pwd', 'otp'] : ['pwd'],
        remember: false,
        ts: Math.floor(Date.now() / 1000) - 60 * Number(typed.get('menit')),
      },
    };
  await provider.interactionFinished(request, response, result);
}).listen(Number(port), '127.0.0.1', () => console.log(`issuer ${issuer}`));

createInterface({ input: process.stdin }).on('line', (line) => {
  if (line === 'rotate') provider = made();
}).on('close', () => process.exit());
