using RadTex.Cli;

return await RadTexCommand.RunAsync(args).ConfigureAwait(false);
