using System.Security.Cryptography;
using System.Text;
using RadTex.Data;
using RadTex.Gating;
using RadTex.Heads;
using RadTex.Imaging;
using RadTex.Imaging.Transforms;
using RadTex.Studies;

namespace RadTex.Preparing;

/// <summary>A hash of everything that decides a prepared dataset but the bytes of pictures and report files: tables, listing, options.</summary>
internal static class PreparationInputs
{
    internal static string Hash(StudyListing listing, SourceRecord source, int shortSide)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Add(string? value) => hash.AppendData(Encoding.UTF8.GetBytes((value ?? "\u0001") + "\0"));
        Add($"radtex-inputs {DatasetManifest.CurrentFormatVersion} {shortSide} {source.Kind}");
        foreach (var (name, value) in source.Options.OrderBy(o => o.Key, StringComparer.Ordinal)) Add($"{name}={value}");
        foreach (var (name, value) in source.Tables.OrderBy(t => t.Key, StringComparer.Ordinal)) Add($"{name} {value}");
        foreach (var label in listing.LabelNames) Add(label);
        foreach (var radiograph in listing.Radiographs)
        {
            Add(radiograph.ImageId);
            Add(radiograph.PatientId);
            Add(radiograph.ImagePath);
            Add(radiograph.ReportPath);
            Add(radiograph.Split!.Value.Name());
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
