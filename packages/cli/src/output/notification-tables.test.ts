import { Rule } from '@mien/proto';
import { ruleTable } from './notification-tables';

test('who is called for whom', () => {
  const table = ruleTable([
    Rule.fromPartial({
      id: 'r1',
      endpointId: 'e1',
      groupIds: ['vip'],
      strangers: true,
      sources: ['gate'],
      minimumScore: 60,
      quietSeconds: 90,
    }),
    Rule.fromPartial({ id: 'r2', endpointId: 'e1', groupIds: ['staff'] }),
  ]);
  expect(table).toMatch(/r1 │ +│ e1 +│ group vip +│ gate +│ 60 +│ 1 min 30 s/);
  expect(table).toContain('strangers');
  expect(table).toMatch(/r2 │ +│ e1 +│ group staff │ any source │ +│ /);
});
