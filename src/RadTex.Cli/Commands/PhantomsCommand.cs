using System.CommandLine;
using System.Diagnostics;
using RadTex.Files;
using RadTex.Phantoms;
using Spectre.Console;

namespace RadTex.Cli.Commands;

/// <summary><c>radtex phantoms</c>: draws synthetic radiographs with reports and known truth, in the MIMIC-CXR-JPG layout.</summary>
internal static class PhantomsCommand
{
    internal static Command Build()
    {
        var count = new Option<int>("--count") { Description = "Synthetic radiographs to draw.", DefaultValueFactory = _ => 1000 };
        var folder = new Option<string?>("--out") { Description = "New or empty folder to write, in the MIMIC-CXR-JPG 2.0.0 layout." };
        var seed = new Option<ulong>("--seed") { Description = "The one seed everything follows from." };
        var size = new Option<int>("--size") { Description = "Short side in pixels.", DefaultValueFactory = _ => 256 };
        var difficulty = new Option<double>("--difficulty")
        {
            Description = "Scales contrast and size of the findings: 0.1 plain, 1 default, 4 hardly visible.",
            DefaultValueFactory = _ => 1,
        };
        var style = new Option<PhantomReportStyle>("--report-style")
        {
            Description = "radiologist: varied and partial; systematic: every finding addressed, in one order.",
        };
        var balanced = new Option<bool>("--balanced-by-view")
        {
            Description = "Draw the view by a coin, so that it tells nothing of any finding. Default: sicker patients lie (AP), as on a ward.",
        };
        var dicom = new Option<bool>("--dicom") { Description = "Write DICOM files, in the MIMIC-CXR 2.0.0 layout, in place of JPEG." };
        var bits = new Option<int>("--bits") { Description = "Bits of a DICOM pixel, 8 to 16.", DefaultValueFactory = _ => 12 };
        var sheet = new Option<string?>("--contact-sheet") { Description = "Also write a PNG page of the first radiographs." };
        var boxes = new Option<bool>("--boxes") { Description = "Outline the lesions on the contact sheet." };
        var threads = new Option<int>("--threads") { Description = "Workers; 0 for one a processor. Does not change the result." };
        var force = new Option<bool>("--force")
        {
            Description = "Replace phantoms of other options in --out, or the contact sheet. Other folders are never touched.",
        };
        var json = JsonOutput.Option();
        var command = new Command(
            "phantoms", "Draw synthetic chest radiographs with reports and known truth (no patient data), as a MIMIC-CXR-JPG folder.")
        {
            count, folder, seed, size, difficulty, style, balanced, dicom, bits, sheet, boxes, threads, force, json,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var options = new PhantomOptions(
                parsed.GetValue(count), parsed.GetValue(seed), parsed.GetValue(size), parsed.GetValue(difficulty), parsed.GetValue(style),
                parsed.GetValue(balanced), parsed.GetValue(dicom) ? parsed.GetValue(bits) : 0);
            if (parsed.GetResult(bits) is { Implicit: false } && !parsed.GetValue(dicom))
                throw new UserErrorException("--bits is of DICOM files. Leave it out, or add --dicom.");
            if (parsed.GetValue(folder) is null && parsed.GetValue(sheet) is null)
                throw new UserErrorException(
                    "Nothing to write: give --out FOLDER for a set of phantoms, --contact-sheet FILE.png for a page of them, or both.");
            if (parsed.GetValue(sheet) is { } file) OutputFile.Require(file, parsed.GetValue(force));
            if (parsed.GetValue(folder) is { } path)
            {
                var clock = Stopwatch.StartNew();
                PhantomManifest manifest;
                using (var display = new ProgressDisplay())
                    manifest = PhantomArchive.Write(options, path, parsed.GetValue(force), parsed.GetValue(threads), display, cancellation);
                if (parsed.GetValue(json)) JsonOutput.Write(manifest);
                else Print(manifest, path, clock.Elapsed);
            }
            if (parsed.GetValue(sheet) is { } page)
            {
                ContactSheet.Write(options, page, showBoxes: parsed.GetValue(boxes));
                (parsed.GetValue(json) ? Console.Error : Console.Out).WriteLine($"Contact sheet of synthetic radiographs: {page}");
            }
            return Task.FromResult(RadTexCommand.Success);
        });
        return command;
    }

    private static void Print(PhantomManifest manifest, string path, TimeSpan elapsed)
    {
        var table = new Table().AddColumn("Finding").AddColumn(new TableColumn("Synthetic radiographs").RightAligned())
            .AddColumn(new TableColumn("Share").RightAligned());
        foreach (var (finding, number) in manifest.RadiographsByFinding)
            table.AddRow(finding, $"{number:N0}", $"{(double)number / manifest.Radiographs:P1}");
        AnsiConsole.Write(table);
        Console.WriteLine(
            $"{manifest.Radiographs:N0} synthetic radiographs of {manifest.Studies:N0} studies and {manifest.Patients:N0} patients " +
            $"({string.Join(", ", manifest.RadiographsBySplit.Select(s => $"{s.Value:N0} {s.Key}"))}); "
                + $"{manifest.ReportsWithoutFindings:N0} reports without Findings.");
        Console.WriteLine($"{path}: complete after {elapsed.TotalSeconds:N1} s.");
    }
}
