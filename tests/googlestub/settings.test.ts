import { describe, expect, it } from 'vitest';
import { configured, flash, old, say, thoughtSignature } from './samples.ts';
import { type Answered, askGemini, askVertex, errorOf, post, read, start } from './support.ts';

describe('a model that refuses a field of late', () => {
  const field = 'generationConfig.maxOutputTokens';
  const message = 'The model does not take it any more.';
  const body = configured({ maxOutputTokens: 100 });

  async function pair() {
    const stub = await start();
    const account = stub.addApiKey();
    const ask = async (asked: object = body, model = flash): Promise<Answered> =>
      read(await askGemini(stub, account, `${model}:generateContent`, { body: asked }));
    return { stub, ask };
  }

  it('says so in the words of the test, to every request that sets it', async () => {
    const { stub, ask } = await pair();
    expect((await ask()).status).toBe(200);
    stub.refuse({ model: flash, field, message });
    for (let time = 0; time < 2; time += 1) {
      expect(errorOf(await ask())).toEqual({ code: 400, message, status: 'INVALID_ARGUMENT' });
    }
    expect((await ask(say('Hi'))).status).toBe(200);
    expect((await ask(body, old)).status).toBe(200);
  });

  it('may name the field in details', async () => {
    const { stub, ask } = await pair();
    stub.refuse({ field, message, detailed: true });
    expect(errorOf(await ask())).toMatchObject({
      message,
      details: [
        {
          fieldViolations: [{ field: 'generation_config.max_output_tokens', description: message }],
        },
      ],
    });
  });

  it('may refuse one value alone', async () => {
    const { stub, ask } = await pair();
    stub.refuse({ field, value: 100, message });
    expect((await ask()).status).toBe(400);
    expect((await ask(configured({ maxOutputTokens: 99 }))).status).toBe(200);
  });

  it('takes it again when the test says so, and after a reset', async () => {
    const { stub, ask } = await pair();
    stub.refuse({ model: flash, field, message });
    stub.refuse({ model: old, field, message });
    stub.allow(field, flash);
    expect([(await ask()).status, (await ask(body, old)).status]).toEqual([200, 400]);
    stub.reset();
    expect((await ask(body, old)).status).toBe(200);
  });

  it('is switched through the control endpoint as well', async () => {
    const { stub, ask } = await pair();
    const control = `${stub.url}/__stub/refusals`;
    await post(control, { body: { model: flash, field, message } });
    expect(errorOf(await ask()).message).toBe(message);
    await post(control, { body: { model: flash, field } });
    expect((await ask()).status).toBe(200);
    expect((await post(control, { body: { message } })).status).toBe(400);
  });
});

describe('a model that differs from its family', () => {
  it("has Vertex's older ways when the test says so", async () => {
    const stub = await start();
    const account = stub.addServiceAccount();
    const body = {
      contents: [
        { role: 'user', parts: [{ text: 'Go' }] },
        { role: 'model', parts: [{ functionCall: { id: '1', name: 'a' }, thoughtSignature }] },
        { role: 'user', parts: [{ functionResponse: { id: '1', name: 'a', response: {} } }] },
      ],
    };
    const ask = async () =>
      read(await askVertex(stub, account, `${flash}:generateContent`, { body }));
    expect((await ask()).status).toBe(200);
    stub.changeModel(flash, { callIds: ['gemini'] });
    expect(errorOf(await ask()).message).toContain('Unknown name "id" at');
    stub.reset();
    expect((await ask()).status).toBe(200);
  });

  it('is changed through the control endpoint as well', async () => {
    const stub = await start();
    const account = stub.addApiKey();
    const body = configured({ temperature: 1 });
    const ask = async () =>
      (await askGemini(stub, account, `${flash}:generateContent`, { body })).status;
    expect(await ask()).toBe(400);
    await post(`${stub.url}/__stub/model`, { body: { model: flash, sampling: true } });
    expect(await ask()).toBe(200);
  });
});
