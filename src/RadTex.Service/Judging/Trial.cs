using RadTex.Files;
using RadTex.Imaging;
using RadTex.Imaging.Dicom;
using RadTex.Service.Models;
using RadTex.Service.Settings;

namespace RadTex.Service.Judging;

/// <summary>What the service would say of a file. Nothing is kept or sent.</summary>
/// <param name="Choice">The rule it falls under.</param>
/// <param name="Answer">What would be said.</param>
/// <param name="MakesReport">Whether a report would be made.</param>
public sealed record Trial(RuleChoice Choice, Answer Answer, bool MakesReport)
{
    /// <summary>Tries a file.</summary>
    /// <param name="settings">The configuration.</param>
    /// <param name="path">The file.</param>
    /// <param name="calledAe">The application entity title it is as if sent to; empty for none.</param>
    /// <exception cref="UserErrorException">The file would be refused, or a model cannot be opened.</exception>
    public static Trial Of(ServiceSettings settings, string path, string calledAe)
    {
        if (!File.Exists(path)) throw new UserErrorException($"There is no file {path}. Expected a DICOM, JPEG, PNG or TIFF file.");
        if (new FileInfo(path).Length > settings.Limits.InstanceBytes)
            throw new UserErrorException($"{path} is larger than the {settings.Limits.InstanceMegabytes} MB that are taken.");
        byte[] bytes = RegularFile.ReadAllBytes(path);
        var format = ImageFormats.Detect(bytes);
        if (format == ImageFormat.Unknown) throw new UserErrorException($"{path} would be refused: it is neither DICOM nor JPEG, PNG or TIFF.");
        var registry = new ModelRegistry(settings.Models);
        var rules = new RuleBook(settings.Rules, registry);
        DicomInstance? instance;
        try { instance = format == ImageFormat.Dicom ? DicomInstance.Parse(bytes) : null; }
        catch (ImageFaultException e) { throw new UserErrorException($"{path} would be refused: {e.Message}.", e); }
        var choice = rules.Choose(instance is null ? new() : new(calledAe, instance.View, instance.Modality, instance.Station));
        var sop = instance?.Subject.SopInstance ?? "";
        if (choice.Model is not { } name)
            return new(choice, Judge.WithoutModel(sop, DateTimeOffset.UnixEpoch, choice.IsSkipped), instance is not null && !choice.IsSkipped);
        using var model = new ServedModel(name, registry.PathOf(registry.Models[name].Current), settings.Device);
        return new(choice, Judge.Of(model, [path], [sop], DateTimeOffset.UnixEpoch)[0], instance is not null && settings.Answers.Report);
    }
}
