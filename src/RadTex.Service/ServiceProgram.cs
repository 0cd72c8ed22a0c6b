using System.Runtime.InteropServices;
using RadTex.Service.Settings;

namespace RadTex.Service;

/// <summary>The service as a program of its own, for hosts that have no more of RadTex: its one argument is the configuration.</summary>
public static class ServiceProgram
{
    private const int Success = 0, UserMistake = 2;

    /// <summary>Runs the service until it is told to end.</summary>
    /// <param name="args">The configuration's path; none for <c>serve.json</c> in the working directory.</param>
    /// <returns>0 after a drain; 2 where the configuration, a model or the address cannot be used, told in one line on standard error.</returns>
    public static async Task<int> Main(string[] args)
    {
        try
        {
            await RunAsync(SettingsReader.Read(args is [var file] ? file : "serve.json"), Console.Out, CancellationToken.None).ConfigureAwait(false);
            return Success;
        }
        catch (UserErrorException e)
        {
            await Console.Error.WriteLineAsync($"radtex: {e.Message.ReplaceLineEndings(" ")}").ConfigureAwait(false);
            return UserMistake;
        }
    }

    /// <summary>Runs until it is told to end, by SIGTERM, SIGINT or the token, and drains.</summary>
    public static async Task RunAsync(ServiceSettings settings, TextWriter output, CancellationToken cancellation)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true; // we end, but not at once
            end.Cancel();
        }
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        var service = await RadiographService.StartAsync(settings, output, cancellation: end.Token).ConfigureAwait(false);
        await using (service.ConfigureAwait(false))
            await Task.Delay(Timeout.Infinite, end.Token).ContinueWith(_ => { }, TaskScheduler.Default).ConfigureAwait(false);
    }
}
