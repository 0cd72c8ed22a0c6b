using System.CommandLine;
using RadTex.Data;
using RadTex.Files;
using RadTex.Text;

namespace RadTex.Cli.Commands;

/// <summary><c>radtex vocabulary SOURCE...</c>: builds a WordPiece vocabulary from captions, or says how one that exists fits them.</summary>
internal static class VocabularyCommand
{
    internal static Command Build()
    {
        var sources = new Argument<string[]>("SOURCE")
        {
            Description = "Prepared datasets (their training split), tables (.csv, .csv.gz, .parquet) or text files with one caption a line.",
            Arity = ArgumentArity.OneOrMore,
        };
        var output = new Option<string?>("--out") { Description = "Build a vocabulary and write it here.", HelpName = "FILE" };
        var existing = new Option<string?>("--measure")
        {
            Description = "Build nothing: say how this vocabulary (such as SciBERT's vocab.txt) fits the captions.",
            HelpName = "FILE",
        };
        var size = new Option<int>("--size") { Description = "The most pieces.", HelpName = "N", DefaultValueFactory = _ => 10_000 };
        var minFrequency = new Option<int>("--min-frequency")
        {
            Description = "Pieces seen less often than this are not joined.",
            HelpName = "N",
            DefaultValueFactory = _ => VocabularyBuilder.DefaultMinFrequency,
        };
        var column = new Option<string>("--column")
        {
            Description = "The column of a table that holds the captions.",
            HelpName = "NAME",
            DefaultValueFactory = _ => TextCorpus.DefaultColumn,
        };
        var maxTokens = new Option<int>("--max-tokens")
        {
            Description = "The longest caption in tokens, for the rate of those cut.",
            HelpName = "N",
            DefaultValueFactory = _ => ReportTokenizer.DefaultMaxTokens,
        };
        var force = ForceOption.Of("a file that is there");
        var encoding = EncodingOption.Of();
        var command = new Command("vocabulary", "Build a WordPiece vocabulary from captions, or measure one on them.") { sources, output, existing,
            size, minFrequency, column, encoding, maxTokens, force };
        command.SetAction((parsed, cancellation) => Task.Run(
            () =>
            {
                var (target, measured) = (parsed.GetValue(output), parsed.GetValue(existing));
                if (target is null == measured is null)
                    throw new UserErrorException("Expected either --out FILE, to build a vocabulary, or --measure FILE, to measure one.");
                if (target is not null) OutputFile.Require(target, parsed.GetValue(force));
                var read = TextFile.ParseEncoding(parsed.GetValue(encoding));
                var captions = parsed.GetValue(sources)!.SelectMany(source => CaptionCorpus.Read(source, parsed.GetValue(column)!, read));
                WordPieceVocabulary vocabulary;
                var fewer = "";
                if (measured is not null) vocabulary = WordPieceVocabulary.Load(measured);
                else
                {
                    using var display = new ProgressDisplay();
                    vocabulary = VocabularyBuilder.Build(captions, parsed.GetValue(size), parsed.GetValue(minFrequency), display, cancellation);
                    vocabulary.Save(target!);
                    if (vocabulary.Count < parsed.GetValue(size))
                        fewer = $" of the {parsed.GetValue(size):N0} asked for, as no further one comes {parsed.GetValue(minFrequency):N0} times";
                }
                Console.WriteLine(
                    $"{target ?? measured}: {vocabulary.Count:N0} pieces{fewer}, SHA-256 "
                        + $"{vocabulary.Sha256}{(vocabulary.IsSciBert ? " (scibert_scivocab_uncased)" : "")}");
                Console.WriteLine(TokenStatistics.Measure(new ReportTokenizer(vocabulary, parsed.GetValue(maxTokens)), captions, cancellation));
                return RadTexCommand.Success;
            },
            CancellationToken.None));
        return command;
    }
}
