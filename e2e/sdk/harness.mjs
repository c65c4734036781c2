// What the checks share: a list of named checks, a relay that changes one byte on the way, and the sandbox's switches.
import { createServer } from 'node:http';

/** Runs named checks one after the other, prints a line for each, and sets the exit code. */
export async function run(title, checks) {
  let failed = 0;
  for (const [name, check] of checks) {
    try {
      await check();
      console.log(`ok      ${name}`);
    } catch (error) {
      failed += 1;
      console.log(`FAILED  ${name}: ${error?.message ?? error}`);
    }
  }
  console.log(`${title}: ${checks.length - failed} of ${checks.length} checks passed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

export function equal(actual, expected, what) {
  if (actual !== expected) throw new Error(`${what}: ${JSON.stringify(actual)}, expected ${JSON.stringify(expected)}`);
}

/** The call must fail, and the failure must say `pattern`. */
export async function refused(call, pattern) {
  let answer;
  try {
    answer = await call();
  } catch (error) {
    const text = [error?.message, JSON.stringify(error?.response?.data ?? ''), error?.responseDataRaw].join(' ');
    if (!pattern.test(text)) throw new Error(`refused for another reason: ${text}`);
    return;
  }
  throw new Error(`was not refused: ${JSON.stringify(answer)?.slice(0, 300)}`);
}

/** Changes one byte: the first digit that is in no escape becomes another digit, so that JSON and forms stay what they are. */
export function changeOneByte(text) {
  return text.replace(/(?<!%.?)\d/, (digit) => String((Number(digit) + 1) % 10));
}

/** A relay in front of the sandbox that changes one byte of each request or answer while `relay.changes` says so. */
export async function openRelay(sandbox) {
  const relay = { changes: 'nothing', url: '', close: () => server.close() };
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    let body = Buffer.concat(chunks).toString();
    let path = request.url;
    if (relay.changes === 'request') {
      if (body) body = changeOneByte(body);
      else path = path.replace(/\?.*/, changeOneByte);
    }
    const { host, connection, 'content-length': _, 'transfer-encoding': __, ...headers } = request.headers;
    const answer = await fetch(sandbox + path, { method: request.method, headers, body: body || undefined, redirect: 'manual' });
    let text = await answer.text();
    if (relay.changes === 'answer') text = changeOneByte(text);
    const answerHeaders = Object.fromEntries(answer.headers);
    delete answerHeaders['content-length'];
    delete answerHeaders['transfer-encoding'];
    response.writeHead(answer.status, answerHeaders);
    response.end(text);
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  relay.url = `http://127.0.0.1:${server.address().port}`;
  return relay;
}

/** The sandbox's control interface. */
export function control(sandbox) {
  const call = async (method, path, body) => {
    const headers = body ? { 'content-type': 'application/json' } : {};
    const answer = await fetch(`${sandbox}/_sandbox/${path}`, { method, headers, body: body && JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.status === 204 ? undefined : answer.json();
  };
  return {
    pay: (provider, number) => call('POST', 'pay', { provider, out_trade_no: number, outcome: 'pay' }),
    showCode: async (provider, payer) => (await call('POST', 'codes', { provider, payer })).code,
    addSwitch: (body) => call('POST', 'switches', body),
    notification: (provider, number, forgery = 'none') => call('GET', `notification/${provider}/${number}?forgery=${forgery}`),
  };
}

/** `--name value` pairs of the command line. */
export function options(names) {
  const found = {};
  for (let index = 2; index < process.argv.length; index += 2) {
    const name = process.argv[index].replace(/^--/, '');
    if (!names.includes(name)) throw new Error(`unknown option ${process.argv[index]}; known: ${names.join(', ')}`);
    found[name] = process.argv[index + 1];
  }
  return found;
}
