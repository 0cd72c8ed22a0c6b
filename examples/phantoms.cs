#:package RadTex.Phantoms@0.2.0
#:property PublishAot=false
// Synthetic radiographs, and a prepared dataset of them: dotnet run phantoms.cs OUT [COUNT]
using RadTex.Data;
using RadTex.Phantoms;
using RadTex.Preparing;
using RadTex.Studies;
using RadTex.Studies.Archives;

string archive = Path.Combine(args[0], "phantoms"), output = Path.Combine(args[0], "dataset");
PhantomArchive.Write(new PhantomOptions(Count: args.Length > 1 ? int.Parse(args[1]) : 200, ShortSidePixels: 128), archive);
var studies = new StudyOptions(Split: SplitRule.Hash, ExtraLabels: [Path.Combine(archive, PhantomArchive.TruthTable)]);
DatasetPreparation.Run(new MimicCxrJpgSource(archive, new MimicOptions(Labels: "none")), new PreparationOptions(output, studies, ShortSide: 96));
using var dataset = PreparedDataset.Open(output);
foreach (var split in Enum.GetValues<Split>()) Console.WriteLine($"{split}: {dataset.IndicesOf(split).Count} synthetic radiographs");
