import { readFileSync, writeFileSync } from 'node:fs';

/** Writes settings into a manifest's embedding entry; nothing else in it changes. */
export function updateEmbedding(manifest: string, settings: object): void {
  const pack: { models: { task: string; embedding?: object }[] } = JSON.parse(readFileSync(manifest, 'utf8'));
  const models = pack.models.map((model) =>
    model.task === 'embedding' ? { ...model, embedding: { ...model.embedding, ...settings } } : model,
  );
  writeFileSync(manifest, `${JSON.stringify({ ...pack, models }, undefined, 2)}\n`);
}
