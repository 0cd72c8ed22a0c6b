using System.CommandLine;
using RadTex.Data;
using RadTex.Heads;
using RadTex.Learning.Training;
using RadTex.Learning.Transfer;
using RadTex.Studies;

namespace RadTex.Cli.Commands;

/// <summary>
/// <c>radtex transfer ENCODER DATASET</c>: heads from few labels on an encoder, or the encoder trained with them, and how well they do.
/// </summary>
internal sealed class TransferCommand
{
    private readonly EncoderOptions encoder = new();
    private readonly Argument<string> dataset = new("DATASET") { Description = "A prepared dataset: labels are drawn from its train split." };
    private readonly Option<string> labels = new("--labels")
    {
        Description = "Labels to learn, each on its own; 'Pneumonia vs No Finding' takes the second label's radiographs for negatives.",
        HelpName = "A,B,...",
        Required = true,
    };
    private readonly ListOption<int?> examples = new("--examples", ListItems.Examples)
    {
        Description = "Numbers of labelled radiographs, or all.",
        HelpName = "N,N,...",
        DefaultValueFactory = _ => "10,30,100,300,all",
    };
    private readonly Option<int> trials = new("--trials") { Description = "Independent draws.", HelpName = "N", DefaultValueFactory = _ => 5 };
    private readonly Option<string> heads = new("--head")
    {
        Description = "Frozen. logistic: standardised, regularised, converged; paper: the paper's SGD.",
        HelpName = "A,B",
        DefaultValueFactory = _ => "logistic,paper",
    };
    private readonly Option<string> mode = ChoiceOption.Of(
        "--mode", "frozen: train heads on the encoder's features; fine-tune: train encoder and linear layer together.", "frozen", "frozen",
        "fine-tune");
    private readonly Option<string?> recipeName = new("--recipe")
    {
        Description = "Fine-tune. practical: starts as the frozen classifier and moves little, for few labels; paper: the paper's. "
            + "Default: practical; paper from random weights.",
        HelpName = "practical|paper",
    };
    private readonly Option<string?> testDataset = new("--test-dataset") { Description = "Another prepared dataset to test on.", HelpName = "DIR" };
    private readonly Option<string?> testLabel = new("--test-label")
    {
        Description = "The label's name in the test dataset, where it differs (one label only).",
        HelpName = "NAME",
    };
    private readonly Option<string> trainSplit = ChoiceOption
        .Of("--train-split", "Where labels are drawn from.", "train", "train", "validate", "test", "all");
    private readonly Option<string> testSplit = ChoiceOption.Of("--test-split", "What is tested on.", "test", "train", "validate", "test", "all");
    private readonly Option<bool> patientsDiffer = new("--patients-differ")
    {
        Description = "The test dataset, the training dataset and the encoder's pretraining number their patients independently: equal ids "
            + "are different people.",
    };
    private readonly Option<int> views = new("--views")
    {
        Description = "Frozen. Augmented views of each drawn radiograph for the paper's head, one an epoch in turn; 0: the centre view.",
        HelpName = "K",
        DefaultValueFactory = _ => 0,
    };
    private readonly Option<double?> rate = new("--learning-rate")
    {
        Description = "Of the paper's head or of fine-tuning. Default: 0.02 for the head, 0.002 to fine-tune, 0.2 from random weights.",
        HelpName = "X",
    };
    private readonly Option<int?> epochs = new("--epochs")
    {
        Description = "Of the paper's head or of fine-tuning. Default: 20; 50 to fine-tune random weights.",
        HelpName = "N",
    };
    private readonly Option<int> trainBatch = new("--train-batch")
    {
        Description = "Radiographs an update.",
        HelpName = "N",
        DefaultValueFactory = _ => 128,
    };
    private readonly Option<string> optimizer = ChoiceOption
        .Of("--optimizer", "Of the paper's head or of fine-tuning. With adamw name the learning rate.", "sgd", "sgd", "adamw");
    private readonly ListOption<RecipeCandidate> choose = new("--choose", RecipeCandidate.Parse)
    {
        Description = "Fine-tune: choose optimiser and rate on the validate split, for each label and number of examples.",
        HelpName = "sgd:X,adamw:X,...",
    };
    private readonly Option<long> checkpointEvery = new("--checkpoint-every")
    {
        Description = "Fine-tune: radiographs trained on between two checkpoints of a network.",
        HelpName = "N",
        DefaultValueFactory = _ => 2_000,
    };
    private readonly Option<bool> firstMoves = new("--first-update-moves")
    {
        Description = "Take the paper's schedule at s + 1: otherwise, as in VirTex, the first update has rate 0.",
    };
    private readonly Option<double?> sensitivity = new("--sensitivity")
    {
        Description = "Frozen. The sensitivity that logistic heads' thresholds are to reach out-of-fold, such as 0.9 (30 positives or "
            + "more). Default: the largest Youden index.",
        HelpName = "X",
    };
    private readonly Option<int> workers = new("--workers")
    {
        Description = "Heads trained side by side, 0 for one a processor; networks when fine-tuning, 0 for one.",
        HelpName = "N",
        DefaultValueFactory = _ => 0,
    };
    private readonly Option<string> keep = ChoiceOption.Of(
        "--keep",
        "Fine-tune: which networks to write to models/, to be exported and used to predict. largest: each label's "
            + "largest N, all trials while they take 4 GB at most.",
        "largest", "largest", "all", "none");
    private readonly Option<string> output = new("--out")
    {
        Description = "The folder for metrics.json, predictions and heads. An interrupted run goes on in it.",
        HelpName = "DIR",
        Required = true,
    };

    private readonly Option<bool> json = JsonOutput.Option();

    internal static Command Build()
    {
        var options = new TransferCommand();
        var command = new Command("transfer", "Train heads on an encoder from few labels, and test them on other patients.");
        options.encoder.AddTo(command);
        command.Arguments.Add(options.dataset);
        Option[] all =
        [
            options.labels, options.examples, options.trials, options.heads, options.mode, options.recipeName, options.testDataset, options.testLabel,
            options.trainSplit, options.testSplit,
            options.patientsDiffer, options.views, options.rate, options.epochs, options.trainBatch, options.optimizer, options.choose,
            options.checkpointEvery, options.firstMoves, options.sensitivity, options.workers, options.keep, options.output, options.json,
        ];
        foreach (var option in all) command.Options.Add(option);
        command.SetAction((parsed, cancellation) => Task.Run(() => options.Run(parsed, cancellation), CancellationToken.None));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        bool fineTunes = parsed.GetValue(mode) == "fine-tune";
        if (!fineTunes && parsed.GetValue(choose) is not null)
            throw new UserErrorException(
                "--choose is for --mode fine-tune. The frozen logistic head chooses its strength inside the labelled examples.");
        using var train = PreparedDataset.Open(parsed.GetValue(dataset)!);
        using var other = parsed.GetValue(testDataset) is { } folder ? PreparedDataset.Open(folder) : null;
        using var source = encoder.OpenSource(parsed, train.ShortSide);
        var practical = Practical(parsed, fineTunes, source);
        var plan = Plan(parsed, !fineTunes ? PaperRecipe.Frozen : source.IsRandom ? PaperRecipe.RandomInitialisation : PaperRecipe.FineTuning);
        TransferResult result;
        using (var display = new ProgressDisplay())
            result = fineTunes
                ? FineTuning.Run(
                    trial => encoder.OpenSource(parsed, train.ShortSide, trial), train, other ?? train, FineTuningOptions(parsed, plan, practical),
                    display, cancellation)
                : FrozenTransfer.Run(encoder.Extractor(parsed, source), train, other ?? train, FrozenOptions(parsed, plan), display, cancellation);
        if (parsed.GetValue(json))
        {
            Console.Write(File.ReadAllText(Path.Combine(parsed.GetValue(output)!, TransferLayout.Metrics)));
            return RadTexCommand.Success;
        }
        Console.WriteLine($"{source.Name}, "
            + $"{(!fineTunes ? "frozen" : $"fine-tuned by the {(practical is null ? "paper's" : "practical")} recipe")}; "
            + $"{(train.Manifest.Synthetic ? "synthetic " : "")}radiographs of "
            + $"{train.Folder}{(other is null ? "" : $", tested on {(other.Manifest.Synthetic ? "synthetic " : "")}radiographs of {other.Folder}")}");
        foreach (var line in TransferTable.Lines(result, TerminalColour.TableWidth)) Console.WriteLine(line);
        Console.WriteLine($"{Path.Combine(parsed.GetValue(output)!, TransferLayout.Metrics)}: written");
        return RadTexCommand.Success;
    }

    private FrozenTransferOptions FrozenOptions(ParseResult parsed, TransferPlan plan) =>
        new(
            plan, parsed.GetValue(output)!, Split(parsed.GetValue(trainSplit)!), Split(parsed.GetValue(testSplit)!), parsed.GetValue(views),
            EncoderPatientsDiffer: parsed.GetValue(patientsDiffer));

    /// <summary>The practical recipe, unless the paper's is named or the only one there is.</summary>
    private PracticalRecipe? Practical(ParseResult parsed, bool fineTunes, EncoderSource source)
    {
        var name = parsed.GetValue(recipeName);
        if (name is not (null or "practical" or "paper")) throw new UserErrorException($"--recipe '{name}': expected practical or paper.");
        if (!fineTunes)
            return name is null ? null : throw new UserErrorException(
                "--recipe is for --mode fine-tune. Heads on a frozen encoder are chosen with --head.");
        if (name == "practical" && source.IsRandom)
            throw new UserErrorException(
                "--recipe practical starts from what the encoder's features tell, and random weights have learnt nothing. Take "
                    + "a pretrained encoder, or --recipe paper.");
        if (name == "paper" || source.IsRandom) return null;
        Option[] ofThePaper = [rate, epochs, trainBatch, optimizer, choose, firstMoves];
        return ofThePaper.FirstOrDefault(o => parsed.GetResult(o) is { Implicit: false }) is not { } given
            ? new()
            : throw new UserErrorException(
                $"{given.Name} is of the paper's recipe, and fine-tuning a pretrained encoder takes the practical one, which is "
                    + $"fixed. Add --recipe paper, or leave {given.Name} out.");
    }

    private FineTuningOptions FineTuningOptions(ParseResult parsed, TransferPlan plan, PracticalRecipe? practical)
    {
        return new(
            plan, parsed.GetValue(output)!, Split(parsed.GetValue(trainSplit)!), Split(parsed.GetValue(testSplit)!),
            choose.Items(parsed)?.Select(c => c.Of(plan.Recipe)).ToArray(),
            Compute: encoder.Computing(parsed), CheckpointEvery: parsed.GetValue(checkpointEvery),
            EncoderPatientsDiffer: parsed.GetValue(patientsDiffer), Practical: practical,
            Keep: Enum.Parse<KeptNetworks>(parsed.GetValue(keep)!, ignoreCase: true));
    }

    private TransferPlan Plan(ParseResult parsed, PaperRecipe recipe)
    {
        var names = List(parsed.GetValue(labels)!);
        var other = parsed.GetValue(testLabel);
        if (other is not null && names.Length != 1)
            throw new UserErrorException($"--test-label names one label, --labels names {names.Length}. Run one label at a time.");
        if (parsed.GetValue(rate) is not (null or (> 0 and <= 1000)))
            throw new UserErrorException($"--learning-rate {parsed.GetValue(rate)}: expected above 0 to 1,000.");
        if (parsed.GetValue(workers) is < 0 or > 256) throw new UserErrorException($"--workers {parsed.GetValue(workers)}: expected 0 to 256.");
        if (parsed.GetValue(optimizer) == "adamw" && parsed.GetValue(rate) is null)
            throw new UserErrorException("--optimizer adamw: the paper has no rate for it. Name one with --learning-rate, such as 0.001.");
        return new TransferPlan(
            [.. names.Select(n => TransferTask.Parse(n, other))], examples.Items(parsed)!, parsed.GetValue(trials),
            [.. List(parsed.GetValue(heads)!).Select(HeadKinds.Parse)], parsed.GetValue(encoder.Seed),
            recipe with
            {
                LearningRate = parsed.GetValue(rate) ?? recipe.LearningRate,
                Epochs = parsed.GetValue(epochs) ?? recipe.Epochs,
                BatchSize = parsed.GetValue(trainBatch),
                Optimizer = Enum.Parse<OptimizerKind>(parsed.GetValue(optimizer)!, ignoreCase: true),
                FirstUpdateMoves = parsed.GetValue(firstMoves),
            },
            parsed.GetValue(patientsDiffer)
                && parsed.GetValue(testDataset) is not null, parsed.GetValue(workers), Sensitivity: parsed.GetValue(sensitivity)).Validated();
    }

    private static Split? Split(string name) => name == "all" ? null : SplitNames.TryParse(name);

    private static string[] List(string text) => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
