import { setTimeout as pause } from 'node:timers/promises';
import { Agent, request } from 'undici';
import type { KubernetesObject } from '../../chart/tools/helm';

interface ResourceList {
  readonly resources: readonly {
    readonly name: string;
    readonly kind: string;
    readonly namespaced: boolean;
    readonly verbs: readonly string[];
  }[];
}

/** A kind of object, and where the API server has it. */
export interface Resource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  /** Of the API, up to the namespace. */
  readonly root: string;
  readonly name: string;
}

/** The API server's refusal. */
export class Refused extends Error {
  override readonly name = 'Refused';

  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Objects of an API server, as JSON. */
export class ApiServer {
  private readonly agent: Agent;

  constructor(
    readonly url: string,
    private readonly token: string,
    certificate: string,
  ) {
    this.agent = new Agent({ connect: { ca: certificate } });
  }

  async ready(): Promise<boolean> {
    return this.ask('GET', '/readyz').then(
      () => true,
      () => false,
    );
  }

  async version(): Promise<string> {
    return (JSON.parse(await this.ask('GET', '/version')) as { gitVersion: string }).gitVersion;
  }

  /** Every kind there is, operators' too. */
  async resources(): Promise<Resource[]> {
    const { groups } = JSON.parse(await this.ask('GET', '/apis')) as {
      groups: { versions: { groupVersion: string }[] }[];
    };
    const versions = groups.flatMap((group) => group.versions.map(({ groupVersion }) => groupVersion));
    const lists = ['v1', ...versions].map(async (apiVersion) => {
      const root = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`;
      const { resources } = JSON.parse(await this.ask('GET', root)) as ResourceList;
      return resources
        .filter(({ name }) => !name.includes('/'))
        .map((resource) => ({ apiVersion, root, ...resource }));
    });
    return (await Promise.all(lists)).flat();
  }

  async list(path: string): Promise<KubernetesObject[]> {
    const { items } = JSON.parse(await this.ask('GET', path)) as { items: KubernetesObject[] };
    return items;
  }

  async exists(path: string): Promise<boolean> {
    return this.ask('GET', path).then(
      () => true,
      (error: unknown) => (error instanceof Refused && error.status === 404 ? false : Promise.reject(error)),
    );
  }

  async create(path: string, object: object): Promise<void> {
    await this.ask('POST', `${path}?fieldValidation=Strict`, object);
  }

  /** A merge patch. */
  async patch(path: string, part: object): Promise<void> {
    await this.ask('PATCH', path, part, 'application/merge-patch+json');
  }

  /** With no time to end in. */
  async remove(path: string): Promise<void> {
    await this.ask('DELETE', path, { kind: 'DeleteOptions', apiVersion: 'v1', gracePeriodSeconds: 0 });
  }

  async close(): Promise<void> {
    await this.agent.close();
  }

  private async ask(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    path: string,
    body?: object,
    contentType = 'application/json',
  ): Promise<string> {
    const { statusCode, body: answer } = await request(this.url + path, {
      method,
      dispatcher: this.agent,
      headers: { authorization: `Bearer ${this.token}`, 'content-type': contentType },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const text = await answer.text();
    if (statusCode >= 300) {
      throw new Refused(statusCode, `${method} ${path}: ${statusCode} ${messageIn(text)}`);
    }
    return text;
  }
}

/** Asks again and again until the answer is yes. Throws with `what` when it takes too long. */
export async function until(what: string, ask: () => Promise<boolean>, withinMs = 120_000): Promise<void> {
  const last = performance.now() + withinMs;
  while (!(await ask())) {
    if (performance.now() > last) {
      throw new Error(`${what}: not within ${withinMs / 1_000} s`);
    }
    await pause(250);
  }
}

function messageIn(text: string): string {
  try {
    return (JSON.parse(text) as { message?: string }).message ?? text;
  } catch {
    return text;
  }
}
