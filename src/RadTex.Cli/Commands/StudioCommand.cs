using System.CommandLine;
using System.Globalization;
using System.Net;
using RadTex.Selection;
using RadTex.Studio;
using RadTex.Studio.Imports;
using RadTex.Studio.Pictures;
using RadTex.Studio.Web;

namespace RadTex.Cli.Commands;

/// <summary>
/// <c>radtex studio DATASET|FOLDER --labels Edema</c>: about 100 radiographs labelled in a browser, and an honest classifier of them.
/// </summary>
internal sealed class StudioCommand
{
    private const int LargestClasses = 10;

    private readonly Argument<string> dataset = new("DATASET") { Description = "A prepared dataset, or a folder of DICOM files or pictures." };
    private readonly Option<string?> labels = new("--labels")
    {
        Description = "What is asked of each radiograph; without it, that is chosen in the page. A project that is there goes on with its own.",
        HelpName = "A,B,...",
    };
    private readonly Option<string?> encoder = new("--encoder")
    {
        Description =
            "An encoder's .onnx file, or the folder of an encoder or run, which is exported first. Without one, pictures come in random order.",
        HelpName = "ENCODER",
    };
    private readonly Option<string?> grades = new("--grades")
    {
        Description = "Ask for a grade, such as 0..3, in place of present or absent.",
        HelpName = "0..N",
    };
    private readonly Option<string?> project =
        ProjectOption("The file that keeps the labels; made where it is not there. Default: DATASET-labels.radtex.");
    private readonly Option<string> readers = new("--readers")
    {
        Description = "Handles of those who read, never names; each gets an address and a queue of his or her own.",
        HelpName = "A,B,...",
        DefaultValueFactory = _ => "reader-1",
    };
    private readonly Option<double> shared = new("--shared")
    {
        Description = "The share of pictures that every reader is asked, 0 to 1; 1 for a gold set.",
        HelpName = "SHARE",
    };
    private readonly Option<bool> together = new("--together")
    {
        Description = "Keep a picture until each finding has its answer; default: one pass a finding.",
    };
    private readonly Option<bool> soft = new("--soft")
    {
        Description = "Where readers differ, learn from each of their answers in its share; default: from what most say.",
    };
    private readonly Option<string?> policy = new("--policy")
    {
        Description = $"What chooses the pictures outside the random reserve: {string.Join(", ", SelectionPolicies.All.Select(p => p.Name))}. "
            + $"Default: {SelectionPolicies.Usual}; with --prior {SelectionPolicies.UsualWithPrior}.",
        HelpName = "NAME",
    };
    private readonly Option<string?> patients = new("--patient-pattern")
    {
        Description = "Of a folder: a regular expression on the relative path whose first group is the patient. Default: what DICOM files say, "
            + "as a code; else the first subfolder.",
        HelpName = "REGEX",
    };
    private readonly Option<string?> originals = new("--originals")
    {
        Description = "Where the original files lie now; default: where the dataset was prepared from.",
        HelpName = "DIR",
    };
    private readonly Option<string?> import = new("--import")
    {
        Description =
            "Labels to begin with: .csv or .parquet (image_id, finding, current; or a column a finding), or .json of Label Studio. They are "
            + "learnt from, and no figure counts them.",
        HelpName = "FILE",
    };
    private readonly Option<string?> prior = new("--prior")
    {
        Description =
            "Scores known before any label, such as a text decoder's: a table of image_id or path, and score. First picks are balanced by them.",
        HelpName = "FILE",
    };
    private readonly Option<int> seed = new("--seed") { Description = "Of the reserve and the order of pictures.", HelpName = "N" };
    private readonly Option<int> port = new("--port") { Description = "The port; 0 takes a free one.", HelpName = "N" };
    private readonly Option<string?> listen = new("--listen")
    {
        Description = "An address of this machine that others reach; needs --passwords or --proxy. Default: 127.0.0.1, this machine alone.",
        HelpName = "ADDRESS",
    };
    private readonly Option<string?> hosts = new("--hosts") { Description = "Names by which browsers reach it.", HelpName = "A,B,..." };
    private readonly Option<string?> passwords = new("--passwords")
    {
        Description = "Readers' passwords, as 'radtex studio password' keeps them; in place of addresses that let one in once.",
        HelpName = "FILE",
    };
    private readonly Option<string?> proxies = new("--proxy")
    {
        Description = "Addresses of proxies that say in --proxy-header who reads.",
        HelpName = "A,B,...",
    };
    private readonly Option<string?> proxyHeader = new("--proxy-header")
    {
        Description = "The header in which a proxy names the reader, such as X-Remote-User.",
        HelpName = "NAME",
    };
    private readonly Option<bool> noOpen = new("--no-open") { Description = "Print the address, and do not open it in a browser." };

    internal static Command Build()
    {
        var options = new StudioCommand();
        var command = new Command("studio", "Label radiographs in a browser, one key a picture; out comes a classifier with honest figures.")
        {
            options.dataset, options.labels, options.encoder, options.grades, options.project, options.readers, options.shared, options.together,
            options.soft, options.policy,
            options.patients, options.originals, options.import, options.prior, options.seed, options.port, options.listen, options.hosts,
            options.passwords, options.proxies, options.proxyHeader, options.noOpen,
        };
        command.Subcommands.Add(StudioExportCommand.Build());
        command.Subcommands.Add(StudioVerifyCommand.Build());
        command.Subcommands.Add(StudioPasswordCommand.Build());
        command.SetAction((parsed, cancellation) => Task.Run(() => options.RunAsync(parsed, cancellation), CancellationToken.None));
        return command;
    }

    internal static Option<string?> ProjectOption(string description) => new("--project") { Description = description, HelpName = "FILE" };

    /// <summary>The project that is taken where none is named.</summary>
    internal static string UsualProject(string dataset) => Path.TrimEndingDirectorySeparator(dataset) + "-labels.radtex";

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var given = parsed.GetValue(dataset)!;
        var file = parsed.GetValue(project) ?? UsualProject(given);
        var listening = Listening(parsed);
        var handles = Readers(parsed.GetValue(readers)!);
        var preview = StudioFolder.Is(given) ? new FolderPreview(given) : null;
        var options = Options(parsed, given, file, handles);
        var setup = Setup(parsed, options, listening, isFolder: preview is not null);
        // A folder is prepared, and a reader chooses what is asked, behind the pages; a dataset is there at once, or what is wrong with it.
        var opening = preview is null && setup is null ? Task.FromResult(Open(parsed, options)) : Task.Run(
            async () =>
            {
                var folder = preview is null ? given : StudioFolder.Prepare(given, file, parsed.GetValue(patients), preview, cancellation);
                var chosen = setup is null ? options : await setup.Chosen.WaitAsync(cancellation).ConfigureAwait(false);
                return Open(parsed, chosen with { Dataset = folder });
            },
            cancellation);
        StudioServer? server = null;
        try
        {
            server = await StudioServer.StartAsync(handles, new(opening) { Preview = preview, Setup = setup }, listening, cancellation)
                .ConfigureAwait(false);
            bool isOpen = opening.IsCompletedSuccessfully;
            if (isOpen) StudioConsole.Tell(opening.Result, listening);
            if (setup is not null) Console.WriteLine("No --labels: what is asked is chosen in the page, before the first picture.");
            StudioConsole.TellAddresses(server, listening, handles);
            bool hasTokens = listening.Passwords is null && listening.ProxyHeader is null;
            if (hasTokens && !parsed.GetValue(noOpen) && handles is [var only]) StudioConsole.OpenBrowser(server.AddressOf(only));
            var work = await opening.ConfigureAwait(false);
            if (!isOpen) StudioConsole.Tell(work, listening);
            if (hasTokens && parsed.GetResult(readers) is not { Implicit: false })
            {
                // The project's own readers, who may have been named in the page.
                string[] all = [.. handles.Union(work.Session.Settings.Readers)];
                server.Admit(all);
                StudioConsole.TellNewReaders(server, handles, all);
            }
            using (var display = new ProgressDisplay())
            {
                work.StartFeatures(display);
                await work.FeaturesAsync().WaitAsync(cancellation).ContinueWith(_ => { }, TaskScheduler.Default).ConfigureAwait(false);
            }
            if (work.FeatureFault is { } fault)
                Console.Error.WriteLine($"radtex: {SettingWords.InFlags(fault)} Labels are gathered without a model.");
            await Task.Delay(Timeout.Infinite, cancellation).ContinueWith(_ => { }, TaskScheduler.Default).ConfigureAwait(false);
            Console.WriteLine($"{file}: {work.Project.Events.Count:N0} events; the last one's code is {work.Project.Head}");
            Console.WriteLine("The same command goes on at the same picture.");
            return RadTexCommand.Success;
        }
        finally
        {
            if (server is not null) await server.DisposeAsync().ConfigureAwait(false);
            // A preparation that goes on when the server cannot start ends with the process; what it made is taken up by the next.
            if (opening.IsCompletedSuccessfully) opening.Result.Dispose();
        }
    }

    private StudioOptions Options(ParseResult parsed, string folder, string file, string[] handles) =>
        new(folder, Items(parsed.GetValue(labels) ?? ""), file)
        {
            Encoder = parsed.GetValue(encoder),
            Classes = Classes(parsed.GetValue(grades)),
            Readers = handles,
            SharedShare = parsed.GetValue(shared) is >= 0 and <= 1 and var share ? share
                : throw new UserErrorException($"--shared {parsed.GetValue(shared)}: expected 0 to 1."),
            Together = parsed.GetValue(together),
            Prior = parsed.GetValue(prior),
            SoftLabels = parsed.GetValue(soft),
            Policy = parsed.GetValue(policy)
                ?? (parsed.GetValue(prior) is null ? SelectionPolicies.Usual : SelectionPolicies.UsualWithPrior),
            Seed = parsed.GetValue(seed) >= 0 ? (ulong)parsed.GetValue(seed) : throw new UserErrorException("--seed: expected 0 or more."),
            Originals = parsed.GetValue(originals),
        };

    /// <summary>What is asked in the page before the first picture; null where the command or the project says it.</summary>
    private StudioSetup? Setup(ParseResult parsed, StudioOptions options, ListenOptions listening, bool isFolder)
    {
        if (options.Findings.Count > 0 || File.Exists(options.Project)) return null;
        if (parsed.GetValue(import) is not null || options.Prior is not null)
            throw new UserErrorException("--import and --prior are of findings. Expected --labels, such as Edema.");
        _ = SelectionPolicies.Of(options.Policy);
        bool readersAreFixed = listening.Passwords is not null || listening.ProxyHeader is not null;
        return isFolder ? StudioSetup.OfFolder(options, readersAreFixed) : StudioSetup.OfDataset(options, readersAreFixed);
    }

    private Workplace Open(ParseResult parsed, StudioOptions options)
    {
        var work = Workplace.Open(options with { Encoder = options.Encoder is { } named ? StudioEncoder.Find(named, options.Project) : null });
        try
        {
            if (parsed.GetValue(import) is { } labelFile) Bring(work, labelFile);
            return work;
        }
        catch
        {
            work.Dispose();
            throw;
        }
    }

    private static void Bring(Workplace work, string path)
    {
        var brought = LabelImport.Run(work, path);
        Console.WriteLine($"{path}: {brought.Added:N0} labels brought in"
            + (brought.Known > 0 ? $", {brought.Known:N0} were there" : "")
            + (brought.Elsewhere > 0 ? $"; {brought.Elsewhere:N0} are of other radiographs or findings and were left out" : ""));
    }

    private ListenOptions Listening(ParseResult parsed)
    {
        IPAddress Address(string text, string option) => IPAddress.TryParse(text, out var address) ? address
            : throw new UserErrorException($"{option} {text}: expected an address in figures, such as 192.168.1.20.");
        return new(parsed.GetValue(port))
        {
            Address = parsed.GetValue(listen) is { } named ? Address(named, "--listen") : IPAddress.Loopback,
            Hosts = Items(parsed.GetValue(hosts) ?? ""),
            Passwords = parsed.GetValue(passwords) is { } file ? ReaderPasswords.Read(file) : null,
            Proxies = [.. Items(parsed.GetValue(proxies) ?? "").Select(p => Address(p, "--proxy"))],
            ProxyHeader = parsed.GetValue(proxyHeader),
        };
    }

    private static string[] Items(string list) => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static string[] Readers(string list) => Items(list) is { Length: > 0 } handles && handles.Distinct().Count() == handles.Length
        && handles.All(ReaderHandle.Is)
            ? handles
            : throw new UserErrorException($"--readers {list}: expected different handles of letters, digits, - and _, such as reader-1,reader-2.");

    private static int Classes(string? range) => range is null ? 2
        : range.StartsWith("0..", StringComparison.Ordinal) && int.TryParse(range[3..], NumberStyles.None, CultureInfo.InvariantCulture, out int most)
            && most is >= 2 and < LargestClasses ? most + 1
            : throw new UserErrorException($"--grades {range}: expected 0..2 to 0..{LargestClasses - 1}, such as 0..3.");
}
