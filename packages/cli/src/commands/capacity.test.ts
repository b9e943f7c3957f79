import { Command } from 'commander';
import { addCapacity } from './capacity';

async function printed(...args: string[]): Promise<string> {
  const log = jest.spyOn(console, 'log').mockImplementation(() => undefined);
  try {
    const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
    addCapacity(program);
    for (const command of program.commands) {
      command.exitOverride().configureOutput({ writeErr: () => undefined });
    }
    await program.parseAsync(['capacity', '--photos-per-second', '5', ...args], { from: 'user' });
    return String(log.mock.calls[0]?.[0]);
  } finally {
    log.mockRestore();
  }
}

describe('mien capacity', () => {
  it('prints a plan as JSON, priced as told', async () => {
    const told = await printed(
      '--library',
      '1000000',
      '--pod-cores',
      '1',
      '--core-hour-price',
      '0.1',
      '--json',
    );
    const { cores, cost, library } = JSON.parse(told);
    expect(library.index).toBe('embedded');
    expect(cost.perHour).toBeCloseTo(cores * 0.1, 10);
  });

  it('looks for nobody where nobody is enrolled', async () => {
    expect(await printed('--p95-ms', '5000')).not.toContain('library');
  });

  it('refuses stages that there are not', async () => {
    await expect(printed('--stages', 'landmark,hair')).rejects.toThrow('stages are landmark');
  });

  it('refuses a time that cannot be kept', async () => {
    await expect(printed('--p95-ms', '20')).rejects.toThrow('however many pods');
  });
});
