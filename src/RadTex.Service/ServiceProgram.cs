using System.Runtime.InteropServices;
using RadTex.Service.Settings;
using RadTex.Service.Web;

namespace RadTex.Service;

/// <summary>
/// The service as a program of its own, for hosts that have no more of RadTex: its argument is the configuration. <c>health</c> before it asks the
/// service that runs by that configuration whether it answers, and ends with 0 or 1.
/// </summary>
public static class ServiceProgram
{
    private const string Health = "health";
    private const int Success = 0, NoAnswer = 1, UserMistake = 2;

    /// <summary>Runs the service until it is told to end, or asks one that runs.</summary>
    /// <param name="args">The configuration's path, none for <c>serve.json</c> in the working directory; <c>health</c> before it asks alone.</param>
    /// <returns>
    /// 0 after a drain, or where the service answers; 1 where it does not; 2 where the configuration, a model or the address cannot be used, told in
    /// one line on standard error.
    /// </returns>
    public static async Task<int> Main(string[] args)
    {
        try
        {
            bool asks = args is [Health, ..];
            var settings = SettingsReader.Read((asks ? args[1..] : args) switch
            {
                [] => "serve.json",
                [var file] when !file.StartsWith('-') => file,
                _ => throw new UserErrorException($"Expected {Health} or nothing, and a configuration; found {string.Join(' ', args)}."),
            });
            if (asks) return await HealthProbe.AnswersAsync(settings.Listen, CancellationToken.None).ConfigureAwait(false) ? Success : NoAnswer;
            await RunAsync(settings, Console.Out, CancellationToken.None).ConfigureAwait(false);
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
