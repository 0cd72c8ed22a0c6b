using System.CommandLine;
using System.Globalization;
using RadTex.Service.Judging;
using RadTex.Service.Spool;

namespace RadTex.Cli.Commands;

/// <summary>What lies in the spool, beside a service that may run: <c>radtex serve audit verify</c>, <c>dead retry</c> and <c>shadow</c>.</summary>
internal static class ServeSpoolCommands
{
    internal static Command BuildAudit()
    {
        var options = new ServeOptions();
        var head = new Option<string?>("--head")
        {
            Description = "A code that an earlier check printed: whether all that was there then is still there.",
            HelpName = "CODE",
        };
        var verify = new Command("verify", "Check that each line of the audit is what was written.") { head };
        options.AddTo(verify);
        verify.SetAction(parsed =>
        {
            using var spool = options.Spool(parsed);
            var (lines, last, kept) = spool.Audit.Verify(parsed.GetValue(head));
            Console.WriteLine($"{lines:N0} lines, each what was written. The last one's code is {last}");
            if (parsed.GetValue(head) is not { } code) return RadTexCommand.Success;
            Console.WriteLine(kept is { } line ? $"The code is that of line {line:N0}: nothing before it was changed or cut off."
                : throw new UserErrorException($"No line has the code {code}. Lines at the end were cut off, or it is another spool's code."));
            return RadTexCommand.Success;
        });
        return new Command("audit", "Check the audit of who gave what and what was said of it.") { verify };
    }

    internal static Command BuildDead()
    {
        var options = new ServeOptions();
        var retry = new Command("retry", "Judge and send again what was given up.");
        options.AddTo(retry);
        retry.SetAction(parsed =>
        {
            using var spool = options.Spool(parsed);
            int count = spool.Queue.Revive();
            Console.WriteLine($"{count:N0} instances are tried again; a service that runs begins within seconds.");
            return RadTexCommand.Success;
        });
        var listing = new ServeOptions();
        var list = new Command("list", "List what was given up.");
        listing.AddTo(list);
        list.SetAction(parsed =>
        {
            using var spool = listing.Spool(parsed);
            const int page = 1000;
            var dead = spool.Queue.Next(InstanceState.Dead, 0, page);
            foreach (var one in dead)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{one.Id} {(one.SopInstance.Length > 0 ? one.SopInstance : "picture")} received {one.Received:yyyy-MM-dd HH:mm}, "
                        + $"{(one.Answer is null ? "could not be judged" : "could not be sent")}"));
            Console.WriteLine($"{spool.Queue.Count(InstanceState.Dead):N0} in all");
            return RadTexCommand.Success;
        });
        return new Command("dead", "What could not be judged or sent.") { list, retry };
    }

    internal static Command BuildShadow()
    {
        var options = new ServeOptions();
        var command = new Command("shadow", "Tell how the second model of a rule agrees with the first.");
        options.AddTo(command);
        command.SetAction(parsed =>
        {
            using var spool = options.Spool(parsed);
            var all = ShadowBook.Agreements(spool.Queue.Database);
            foreach (var one in all)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{one.Label}: {one.Agree:N0} of {one.Decided:N0} decisions agree (kappa "
                        + $"{one.Kappa?.ToString("0.00", CultureInfo.InvariantCulture) ?? "n/a"}), "
                        + $"probabilities differ by {one.MeanDifference:0.000} on {one.Radiographs:N0} radiographs; {one.Model[..12]} "
                        + $"beside {one.Other[..12]}"));
            if (all.Count == 0) Console.WriteLine("No radiograph was judged by two models.");
            return RadTexCommand.Success;
        });
        return command;
    }
}
