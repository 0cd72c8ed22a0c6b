using RadTex.Files;
using RadTex.Studio.Labelling;

namespace RadTex.Studio.Exports;

/// <summary>Labels as Label Studio's JSON: a task a radiograph, an annotation a reader, a choice a finding.</summary>
public static class LabelStudioFile
{
    /// <summary>Writes it, whole or not at all.</summary>
    public static void Write(IReadOnlyList<LabelRow> rows, int classes, string path)
    {
        var tasks = rows.GroupBy(r => r.ImageId).Select((task, i) => new
        {
            id = i + 1,
            data = new { image = task.Key },
            annotations = task.GroupBy(r => r.Reader).Select(own => new
            {
                completed_by = own.Key,
                result = own.Select(r => new
                {
                    from_name = r.Finding,
                    to_name = "image",
                    type = "choices",
                    value = new { choices = (string[])[AnswerText.Of(Answer.Parse(r.Current, classes), classes)] },
                }),
            }),
        });
        JsonFile.Write(path, tasks);
    }
}
