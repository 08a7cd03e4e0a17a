/** From the wire to the conversation and back. */
import type { DebuggerPort } from '../host.ts';
import { Conversation } from './conversation.ts';
import { framed, PacketReader } from './packets.ts';
import type { Target } from './target.ts';

const latin = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** Answers whoever calls at a port, until it takes its leave or hangs up. */
export async function converse(port: DebuggerPort, target: Target): Promise<'detached' | 'killed'> {
  const talk = new Conversation(target, (packet) => port.send(framed(packet)));
  const reader = new PacketReader();
  const waiting: string[] = [];
  let gone = false;
  let wake = (): void => undefined;
  port.open(
    (bytes) => {
      for (const incoming of reader.take(bytes)) {
        if (incoming.kind === 'interrupt') talk.interrupt();
        else if (incoming.kind === 'bad') port.send(latin('-'));
        else {
          if (talk.acknowledges) port.send(latin('+'));
          waiting.push(incoming.text);
        }
      }
      wake();
    },
    () => {
      gone = true;
      talk.interrupt();
      wake();
    },
  );
  await port.called();
  while (talk.over === null) {
    const packet = waiting.shift();
    if (packet !== undefined) {
      const answer = await talk.answer(packet);
      if (answer !== null) port.send(framed(answer));
    } else if (gone) return 'detached';
    else
      await new Promise<void>((done) => {
        wake = done;
      });
  }
  return talk.over;
}
