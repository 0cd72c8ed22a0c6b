namespace RadTex.Cli;

/// <summary>Command lines that --help shows; a test parses each of them.</summary>
internal static class Examples
{
    private static readonly string[] All =
    [
        "radtex quickstart",
        "radtex quickstart --out demo --seed 2",
        "radtex phantoms --count 1000 --out phantoms",
        "radtex phantoms --contact-sheet page.png --boxes",
        "radtex studio dataset --labels Edema --encoder encoder.onnx",
        "radtex studio dataset --labels Severity --grades 0..3 --readers reader-1,reader-2 --shared 1",
        "radtex studio export dataset --encoder encoder.onnx --labels labels.csv --model edema.onnx --card card.json",
        "radtex studio verify dataset-labels.radtex",
        "radtex studio password reader-1 --file passwords.txt",
        "radtex studio dataset --labels Edema --readers reader-1 --listen 192.168.1.20 --passwords passwords.txt",
        "radtex prepare mimic-cxr-jpg phantoms --out dataset",
        "radtex prepare folder pictures --out dataset --views all",
        "radtex prepare table studies.csv --out dataset --label-columns Edema,Effusion",
        "radtex prepare mimic-cxr mimic --reports mimic-reports --out dataset",
        "radtex prepare open-i indiana --out dataset --dry-run",
        "radtex prepare nih-cxr14 nih --out dataset --label-set pathology9",
        "radtex prepare chexpert CheXpert-v1.0-small --out dataset --require-text false",
        "radtex prepare padchest padchest --out dataset",
        "radtex prepare vindr-cxr vindr --out dataset",
        "radtex prepare rsna-pneumonia rsna --out dataset",
        "radtex verify dataset",
        "radtex verify dataset --against test-dataset --list known.csv",
        "radtex inspect dataset --out inspection",
        "radtex vocabulary dataset --out vocab.txt --size 2000",
        "radtex pretrain dataset --preset phantom --out run",
        "radtex pretrain dataset --preset paper --vocabulary vocab.txt --out run --set training.epochs=3",
        "radtex simulate dataset --encoder run/encoder --labels Edema,Cardiomegaly --out simulation",
        "radtex simulate dataset --encoder imagenet --labels Edema --policies random,typical,staged --replays 50 --out simulation",
        "radtex import torchvision resnet50.pth --out imagenet",
        "radtex import virtex virtex.pth --out virtex",
        "radtex import torchxrayvision xrv.pth --out xrv",
        "radtex import state-dict weights.safetensors --out encoder",
        "radtex embed run/encoder dataset --out features",
        "radtex transfer run/encoder dataset --labels Edema --examples 10,30 --trials 2 --out transfer",
        "radtex transfer run/encoder dataset --labels Edema --mode fine-tune --out tuned",
        "radtex export run/encoder --heads transfer --out edema.onnx",
        "radtex export run --captioner --out captioner",
        "radtex predict edema.onnx pictures --out predictions.csv",
        "radtex evaluate edema.onnx dataset --out evaluation",
        "radtex recalibrate edema.onnx labels.csv --label Edema --out local.onnx",
        "radtex read run dataset --limit 4 --out reports.html",
        "radtex score run dataset --limit 20",
        "radtex sweep dataset --labels Edema --init radtex=run/encoder --examples 10,30 --trials 2 --out sweep",
        "radtex reproduce all --config configs/reproduce/phantom.json --out reproduction",
        "radtex selfcheck tests/RadTex.Learning.Tests/Golden/tiny.json",
        "radtex completion bash",
        "radtex help transfer",
    ];

    /// <summary>The examples of a command, by its whole name; those of its own commands too.</summary>
    internal static IReadOnlyList<string> Of(string path) =>
        [.. All.Where(e => e == path || e.StartsWith(path + " ", StringComparison.Ordinal)).Take(4)];
}
