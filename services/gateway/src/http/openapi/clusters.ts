import { MAX_ALBUM_PHOTOS } from '../../usecases/limits';
import { PHOTO_PART } from '../clusters/album-form';
import { CLUSTERS } from '../clusters/endpoint';
import { REQUEST_PART } from '../multipart';
import type { Contract } from './contract';
import { type JsonSchema, messageSchemas } from './json-schema';

/** The schema that an album's settings are checked against: the documented one, complete in itself. */
export function settingsValidationSchema(contract: Contract): JsonSchema {
  const settings = contract.message(CLUSTERS.settings);
  const $defs = messageSchemas(settings, contract, { refPrefix: '#/$defs/', closed: true });
  return { $ref: `#/$defs/${settings.name}`, $defs };
}

/** The schemas of what goes in and out, by name. */
export function clustersSchemas(contract: Contract, refPrefix: string): Record<string, JsonSchema> {
  return {
    ...messageSchemas(contract.message(CLUSTERS.response), contract, { refPrefix, closed: false }),
    ...messageSchemas(contract.message(CLUSTERS.settings), contract, { refPrefix, closed: true }),
  };
}

/** The form: settings first, then the photos. */
export function albumFormSchema(contract: Contract, refPrefix: string): JsonSchema {
  const settings = contract.message(CLUSTERS.settings);
  return {
    type: 'object',
    properties: {
      [REQUEST_PART]: {
        $ref: refPrefix + settings.name,
        description: 'The settings, as JSON. Before the photos, if at all.',
      },
      [PHOTO_PART]: {
        type: 'array',
        maxItems: MAX_ALBUM_PHOTOS,
        items: {
          type: 'string',
          contentMediaType: 'application/octet-stream',
          description: 'The encoded photo. Its file name is the name that the answer speaks of it by.',
        },
      },
    },
    additionalProperties: false,
  };
}
