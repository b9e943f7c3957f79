import { flatParameters, unflattened } from './flat-parameters';

describe('parameters of a query or a form', () => {
  it('become lists and objects', () => {
    const text = 'GroupIds.0=a&GroupIds.1=b%20c&Limit=5&Infos.0.Index=0&Infos.0.Name=%E5%90%8D';
    expect(unflattened(flatParameters(text))).toEqual({
      GroupIds: ['a', 'b c'],
      Limit: '5',
      Infos: [{ Index: '0', Name: '名' }],
    });
  });

  it.each(['a=1&a.b=2', 'a.b=2&a=1', `${'a.'.repeat(9)}a=1`])('refuses %s', (text) => {
    expect(() => unflattened(flatParameters(text))).toThrow('InvalidParameter.InvalidParameter');
  });

  it('has no way to the prototype', () => {
    unflattened(flatParameters('__proto__.polluted=1&constructor.prototype.polluted=1'));
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });
});
