using Podsharp.Api.Http;
using Podsharp.Core.Images;
using Podsharp.Engine.Images.Pull;
using Podsharp.Wire.Docker.Streams;

namespace Podsharp.Api.Docker.Registries;

/// <summary>Writes a pull's progress; the reply's head is sent with its first line, so that what fails before has a status of its own.</summary>
internal sealed class PullLines(ApiRequest request)
{
    private JsonLines<ProgressMessage>? _lines;

    public bool HasBegun => _lines is not null;

    public async ValueTask ReportAsync(PullEvent step)
    {
        foreach (var line in Lines(step)) await WriteAsync(line);
    }

    public async ValueTask WriteAsync(ProgressMessage line)
    {
        _lines ??= await request.StartProgressAsync();
        await _lines.WriteAsync(line, request.Aborted);
    }

    private static IEnumerable<ProgressMessage> Lines(PullEvent step) => step switch
    {
        PullBegun begun => [new ProgressMessage
        {
            Status = $"Pulling from {begun.Reference.Path}",
            Id = begun.Reference.Digest is { } digest ? $"{begun.Reference.Repository}@{digest}" : begun.Reference.Tag,
        }],
        LayerPulled { Phase: LayerPhase.Waiting } layer => [Line(layer.Blob, "Pulling fs layer")],
        LayerPulled { Phase: LayerPhase.AlreadyThere } layer => [Line(layer.Blob, "Already exists")],
        LayerPulled { Phase: LayerPhase.Complete } layer => [Line(layer.Blob, "Pull complete")],
        LayerPulled { Phase: LayerPhase.Downloaded } layer =>
        [
            Line(layer.Blob, "Verifying Checksum"), Line(layer.Blob, "Download complete"), Amount(layer, "Extracting"),
        ],
        LayerPulled layer => [Amount(layer, "Downloading")],
        PullEnded ended => [new ProgressMessage { Status = $"Digest: {ended.Digest}" }],
        PullFinished finished => [new ProgressMessage
        {
            Status = $"Status: {(finished.IsNew ? "Downloaded newer image for" : "Image is up to date for")} {finished.Reference.Familiar}",
        }],
        _ => [],
    };

    private static ProgressMessage Line(Digest blob, string status) => new() { Status = status, ProgressDetail = new ProgressDetail(), Id = blob.Short };

    private static ProgressMessage Amount(LayerPulled layer, string status) => new()
    {
        Status = status,
        ProgressDetail = new ProgressDetail { Current = layer.Current, Total = layer.Total },
        Progress = TransferWords.Bar(layer.Current, layer.Total),
        Id = layer.Blob.Short,
    };
}
