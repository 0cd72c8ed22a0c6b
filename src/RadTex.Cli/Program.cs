using RadTex.Cli;
using RadTex.Native;

FreedMemory.Keep();
return await RadTexCommand.RunAsync(args).ConfigureAwait(false);
