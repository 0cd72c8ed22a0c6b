using System.CommandLine;
using System.Globalization;
using RadTex.Service.Judging;

namespace RadTex.Cli.Commands;

/// <summary><c>radtex serve try FILE</c>: what the service would say of a file, by which rule and why; nothing is kept or sent.</summary>
internal static class ServeTryCommand
{
    internal static Command Build()
    {
        var options = new ServeOptions();
        var file = new Argument<string>("FILE") { Description = "A DICOM, JPEG, PNG or TIFF file." };
        var called = new Option<string>("--called-ae")
        {
            Description = "As if it had been sent to this application entity.",
            HelpName = "AE",
            DefaultValueFactory = _ => "",
        };
        var command = new Command(
            "try", "Tell which rule a file falls under and what the service would answer; nothing is kept or sent.") { file, called };
        options.AddTo(command);
        command.SetAction(parsed => Run(Trial.Of(options.Read(parsed), parsed.GetValue(file)!, parsed.GetValue(called)!)));
        return command;
    }

    private static int Run(Trial trial)
    {
        Console.WriteLine($"rule: {trial.Choice.Why}");
        Console.WriteLine($"model: {trial.Choice.Model ?? "none"}{(trial.Choice.Shadow is { } shadow ? $", in silence {shadow}" : "")}");
        if (trial.Answer.Reason is { } reason) Console.WriteLine($"not judged: {reason}");
        foreach (var finding in trial.Answer.Findings)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{finding.Label}, {finding.Outcome}: {finding.Probability:G7}{(finding.Decision is { } decision ? $", {decision}" : "")}"));
        Console.WriteLine($"report: {(trial.MakesReport ? "one would be made and sent" : "none would be made")}");
        return RadTexCommand.Success;
    }
}
