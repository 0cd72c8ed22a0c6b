using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using RadTex.Studio.Exports;

namespace RadTex.Studio.Web;

/// <summary>What leaves a project through the page. Each is made whole before a byte is sent, and noted.</summary>
internal static class StudioDownloads
{
    internal static void Map(IEndpointRouteBuilder to, Workplace work)
    {
        Add("/exports/labels.csv", "labels.csv", "text/csv; charset=utf-8", (_, file) => LabelTable.WriteCsv(LabelRow.Of(work), file));
        Add("/exports/labels.parquet", "labels.parquet", "application/octet-stream", (_, file) => LabelTable.WriteParquet(LabelRow.Of(work), file));
        Add("/exports/label-studio.json", "label-studio.json", "application/json",
            (_, file) => LabelStudioFile.Write(LabelRow.Of(work), work.Session.Settings.Classes, file));
        Add("/card.json", "model-card.json", "application/json", (_, file) => ModelCard.Of(work).Write(file));
        Add("/exports/heads.zip", "heads.zip", "application/zip", (_, file) => HeadsFolder.WriteZip(work, file));
        Add("/exports/classifier.onnx", "classifier.onnx", "application/octet-stream",
            (context, file) => ClassifierExport.Write(work, StudioEndpoints.FindingOf(context), file));

        void Add(string path, string name, string type, Action<HttpContext, string> write) => to.MapGet(path, async (HttpContext context) =>
        {
            var folder = Directory.CreateTempSubdirectory("radtex-export-");
            try
            {
                var file = Path.Combine(folder.FullName, name);
                write(context, file);
                _ = work.Session.NoteExport(StudioEndpoints.ReaderOf(context), name);
                context.Response.ContentType = type;
                context.Response.Headers.ContentDisposition = $"attachment; filename=\"{name}\"";
                await context.Response.SendFileAsync(file, context.RequestAborted).ConfigureAwait(false);
            }
            finally { folder.Delete(recursive: true); }
        });
    }
}
