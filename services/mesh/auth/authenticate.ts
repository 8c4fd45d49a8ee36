import type { Http2Session } from 'node:http2';
import { TLSSocket } from 'node:tls';
import { TenonError } from '../errors.js';
import type { Identity } from '../rpc/handler.js';
import type { TokenFile } from './token-file.js';

/** Finds out who calls, from what is known before any message is read. */
export type Authenticate = (authorization: string | undefined, session: Http2Session | undefined) => Identity;

const anonymous: Identity = Object.freeze({ name: 'anonymous' });
const maxTokenChars = 4_096;

/** The common name of a verified client certificate, read once per connection. */
function createCertificateNames(): (session: Http2Session | undefined) => Identity | null {
  const known = new WeakMap<Http2Session, Identity | null>();
  return (session) => {
    if (session === undefined) return null;
    let identity = known.get(session);
    if (identity === undefined) {
      const socket: unknown = session.socket;
      const verified = socket instanceof TLSSocket && socket.authorized;
      const name = verified ? (socket as TLSSocket).getPeerCertificate().subject?.CN : undefined;
      identity = typeof name === 'string' && name !== '' ? { name } : null;
      known.set(session, identity);
    }
    return identity;
  };
}

/**
 * Authenticates by bearer token where `tokens` is given. Without tokens the caller is its client certificate, or
 * `anonymous`.
 * @throws TenonError UNAUTHENTICATED (by the returned function); the message never says which part was wrong.
 */
export function createAuthenticate(tokens: TokenFile | null): Authenticate {
  const certificateName = createCertificateNames();
  if (tokens === null) return (_authorization, session) => certificateName(session) ?? anonymous;
  return (authorization) => {
    const [, token = ''] = /^bearer +([^\s]+)$/i.exec(authorization?.slice(0, maxTokenChars + 8) ?? '') ?? [];
    const name = token === '' || token.length > maxTokenChars ? null : tokens.nameOf(token);
    if (name !== null) return { name };
    const message =
      authorization === undefined
        ? 'the call carries no credential; send authorization: Bearer TOKEN'
        : 'the credential is not known';
    throw new TenonError({ reason: 'UNAUTHENTICATED', message });
  };
}
