import { MienError } from '@mien/errors';
import { LANES, REQUIRED_MAX_PAYLOAD_BYTES, STAGE_NAMES } from '../catalog';
import type { Bus } from '../connection';
import { ADVISORY_STREAM, FORMER_ADVISORY_CONSUMER, streamOf } from '../subjects';
import { type ProvisionOptions, setUpOn } from './set-up';
import { advisoryConsumer, advisoryStream, deadStream, workConsumer, workStream } from './stream-plans';

/**
 * Brings the line's streams and consumers to what the stage catalog says: makes what is missing, updates what
 * differs. Throws BUS_UNAVAILABLE naming what can't be brought there, or what is not there where it may only look.
 * Any number of processes may do this at once.
 */
export async function provision(bus: Bus, options: ProvisionOptions = {}): Promise<void> {
  checkMaxPayload(bus);
  const { replicas = 1 } = options;
  const setUp = setUpOn(bus, options);
  for (const stage of STAGE_NAMES) {
    await setUp.stream(workStream(stage, replicas));
    for (const lane of LANES) {
      await setUp.consumer(streamOf(stage), workConsumer(stage, lane));
    }
  }
  await setUp.stream(deadStream(replicas));
  await setUp.stream(advisoryStream(replicas));
  await setUp.withoutConsumer(ADVISORY_STREAM, FORMER_ADVISORY_CONSUMER);
  for (const stage of STAGE_NAMES) {
    await setUp.consumer(ADVISORY_STREAM, advisoryConsumer(stage));
  }
}

function checkMaxPayload(bus: Bus): void {
  if (bus.maxPayload < REQUIRED_MAX_PAYLOAD_BYTES) {
    throw new MienError(
      'BUS_UNAVAILABLE',
      `max_payload of the NATS server is ${bus.maxPayload}, at least ${REQUIRED_MAX_PAYLOAD_BYTES} is needed`,
    );
  }
}
