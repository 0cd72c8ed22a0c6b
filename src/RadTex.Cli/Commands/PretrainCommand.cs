using System.CommandLine;
using RadTex.Learning.Pretraining;

namespace RadTex.Cli.Commands;

/// <summary><c>radtex pretrain DATASET --out RUN</c>: learns an image encoder from radiographs and their reports.</summary>
internal static class PretrainCommand
{
    internal static Command Build()
    {
        var dataset = new Argument<string>("DATASET") { Description = "A prepared dataset with reports." };
        var output = new Option<string>("--out")
        {
            Description = "The run's folder: new, or that of an interrupted run, which goes on.",
            HelpName = "RUN",
            Required = true,
        };
        var preset = new Option<string?>("--preset")
        {
            Description = $"{string.Join(", ", PretrainingConfiguration.PresetNames)}. Default: the one --config names, or paper.",
            HelpName = "NAME",
        };
        var file = new Option<string?>("--config")
        {
            Description = "A JSON file (comments allowed) that holds what differs from the preset.",
            HelpName = "FILE",
        };
        var assignments = new Option<string[]>("--set")
        {
            Description = "One value, such as training.epochs=3; may be repeated.",
            HelpName = "SECTION.KEY=VALUE",
            DefaultValueFactory = _ => [],
        };
        var vocabulary = new Option<string?>("--vocabulary")
        {
            Description = "A WordPiece vocabulary. Default: one is built from the training split (SciBERT's is required by preset paper).",
            HelpName = "FILE",
        };
        var seed = new Option<long?>("--seed") { Description = "Everything random follows from it.", HelpName = "N" };
        var repeats = new Option<int>("--repeats")
        {
            Description = "Pretrain this often with consecutive seeds, into RUN/repeat-1, RUN/repeat-2, ...",
            HelpName = "N",
            DefaultValueFactory = _ => 1,
        };
        var threads = new Option<int>("--threads")
        {
            Description = "Torch's threads; 0 for one a processor. Weights depend on it in their last bits.",
            HelpName = "N",
        };
        var maxSteps = new Option<long?>("--max-steps")
        {
            Description = "Stop after this many updates, the schedule shortened with them.",
            HelpName = "N",
        };
        var labels = new Option<string?>("--labels")
        {
            Description = "Learn from these labels in place of reports (all: each of the dataset that shows both classes): the supervised baseline. "
                + "Short for --set objective.name=labels --set objective.labels=A,B,...",
            HelpName = "A,B,...",
        };
        var init = new Option<string?>("--init")
        {
            Description = "Begin with the weights of an encoder's folder or of a run. Short for --set start.from=PATH; --set start.frozen_epochs=K "
                + "leaves the encoder as it is for the first K epochs.",
            HelpName = "ENCODER|RUN",
        };
        var device = Devices.Option();
        var command = new Command(
            "pretrain",
            "Learn an image encoder from radiographs and their reports. The same command goes on where an interrupted run "
                + "stopped. Under mpirun or srun the processes train one model together.")
        {
            dataset, output, preset, file, assignments, vocabulary, seed, repeats, threads, maxSteps, labels, init,
            device,
        };
        command.SetAction((parsed, cancellation) => Task.Run(
            () => Ranks.Run(processes =>
            {
                string[] extra = [.. parsed.GetValue(assignments)!];
                if (parsed.GetValue(seed) is { } s) extra = [.. extra, $"training.seed={s}"];
                if (parsed.GetValue(maxSteps) is { } m) extra = [.. extra, $"training.max_steps={m}"];
                if (parsed.GetValue(init) is { } from) extra = [.. extra, $"start.from={from}"];
                if (parsed.GetValue(labels) is { } list)
                    extra = [.. extra, "objective.name=labels", .. list == "all" ? Array.Empty<string>() : [$"objective.labels={list}"]];
                var configuration = ConfigurationReader.Read(parsed.GetValue(preset), parsed.GetValue(file), extra);
                var rankDevice = Devices.ForRank(parsed.GetValue(device)!, processes);
                var options = new PretrainingOptions(
                    parsed.GetValue(dataset)!, parsed.GetValue(output)!, configuration, parsed.GetValue(vocabulary), parsed
                        .GetValue(threads), rankDevice, processes);
                foreach (var one in options.Repeated(parsed.GetValue(repeats)))
                {
                    PretrainingResult result;
                    using (var display = processes.IsFirst ? new ProgressDisplay() : null)
                        result = PretrainingProgram.Run(one, Ranks.Say(processes), display, cancellation);
                    if (processes.IsFirst) Print(result);
                }
                return RadTexCommand.Success;
            }),
            CancellationToken.None));
        return command;
    }

    private static void Print(PretrainingResult result)
    {
        Console.WriteLine(
            $"{result.Steps:N0} updates, {result.Epochs:0.##} epochs of {result.TrainingRadiographs:N0} "
                + $"{(result.Synthetic ? "synthetic " : "")}radiographs in " + $"{TimeSpan.FromSeconds(result.ElapsedSeconds):h\\:mm\\:ss}");
        if (result.Validation.TryGetValue("loss", out double loss))
        {
            var shuffled = result.Validation.TryGetValue("shuffled_loss", out double other) ? $"; with another study's radiograph {other:F4}" : "";
            Console.WriteLine($"Held-out loss {loss:F4} nats per token, both directions summed{shuffled}");
        }
        Console.WriteLine($"Weights SHA-256 {result.WeightsSha256}");
        Console.WriteLine($"{result.EncoderFolder}: the encoder, for 'radtex transfer'");
    }
}
