using System.Diagnostics;
using RadTex.Studio;
using RadTex.Studio.Web;

namespace RadTex.Cli.Commands;

/// <summary>What <c>radtex studio</c> says in the terminal, and the browser it opens.</summary>
internal static class StudioConsole
{
    internal static void Tell(Workplace work, ListenOptions listening)
    {
        var synthetic = work.Dataset.Manifest.Synthetic ? "synthetic " : "";
        Console.WriteLine(
            $"{work.Pool.Count:N0} {synthetic}radiographs of {work.Pool.Selection.Patients:N0} patients; labels go to {work.Options.Project}");
        if (!work.Originals.FromFiles)
            Console.WriteLine($"Shown at the prepared size of {work.Dataset.ShortSide} pixels: the original files are not at hand.");
        if (work.Encoder is null)
            Console.WriteLine(
                "No --encoder: pictures come in random order and there is no model. 'radtex import mlnet' or 'radtex pretrain' makes one.");
        if (listening.IsReadable)
            Console.Error.WriteLine(
                "radtex: warning: without TLS passwords and radiographs can be read on the way. Put a proxy that encrypts "
                    + "before it (--proxy), or listen on "
                    + "a network of your own.");
    }

    internal static void TellAddresses(StudioServer server, ListenOptions listening, string[] handles)
    {
        if (listening.Passwords is not null || listening.ProxyHeader is not null)
        {
            Console.WriteLine(
                $"Open {server.Address}: {(listening.Passwords is null ? "the proxy says who reads" : "each reader signs in by password")}. "
                + "Ctrl+C ends the studio; every answer said to be saved is on the disk.");
            return;
        }
        foreach (var reader in handles)
            Console.WriteLine(handles.Length == 1 ? $"Open {server.AddressOf(reader)}" : $"{reader}: {server.AddressOf(reader)}");
        Console.WriteLine("An address lets one browser in, once. Ctrl+C ends the studio; every answer said to be saved is on the disk.");
    }

    // Readers that were named in the page.
    internal static void TellNewReaders(StudioServer server, string[] known, IReadOnlyList<string> readers)
    {
        foreach (var reader in readers.Except(known)) Console.WriteLine($"{reader}: {server.AddressOf(reader)}");
    }

    internal static void OpenBrowser(Uri address)
    {
        bool hasDesktop = OperatingSystem.IsWindows() || OperatingSystem.IsMacOS()
            || Environment.GetEnvironmentVariable("DISPLAY") is { Length: > 0 }
            || Environment.GetEnvironmentVariable("WAYLAND_DISPLAY") is { Length: > 0 };
        if (!hasDesktop) return;
        try { Process.Start(new ProcessStartInfo(address.AbsoluteUri) { UseShellExecute = true })?.Dispose(); }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or InvalidOperationException) { } // the address is printed
    }
}
