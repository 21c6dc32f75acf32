using System.Text.Json;
using Podsharp.Api.Docker.Images;
using Podsharp.Api.Http;
using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Core.Registries;
using Podsharp.Engine.Images.Push;
using Podsharp.Wire.Docker.Registries;
using Podsharp.Wire.Docker.Streams;

namespace Podsharp.Api.Docker.Registries;

/// <summary>POST /images/NAME/push.</summary>
internal static class PushHandler
{
    public static async Task PushAsync(ApiRequest request, PushImage push)
    {
        var name = ImageReference.Parse(request.Path("name"));
        if (request.Query.Text("tag") is { Length: > 0 } tag) name = name.WithTag(tag);
        var asked = new PushImageRequest
        {
            Name = name,
            Platform = request.Version.AtLeast(1, 46) ? PlatformReader.Read(request) : null,
            Credentials = AuthReader.ForTarget(request),
            Rules = new EndpointRules { LoopbackIsInsecure = true },
        };
        JsonLines<ProgressMessage>? lines = null;
        async ValueTask WriteAsync(ProgressMessage line)
        {
            lines ??= await request.StartProgressAsync();
            await lines.WriteAsync(line, request.Aborted);
        }

        try
        {
            await push.RunAsync(
                asked,
                async step =>
                {
                    foreach (var line in Lines(step)) await WriteAsync(line);
                },
                request.Aborted);
        }
        catch (EngineException failure) when (lines is not null)
        {
            await WriteAsync(ProgressMessage.Failure(Words(failure)));
        }
    }

    private static string Words(EngineException failure) => TransferWords.IsDenied(failure) ? failure.Cause : failure.Message;

    private static IEnumerable<ProgressMessage> Lines(PushEvent step) => step switch
    {
        PushBegun begun => [new ProgressMessage { Status = $"The push refers to repository [{begun.Repository.Repository}]" }],
        LayerPushed { Phase: LayerPushPhase.Preparing } layer => [Line(layer, "Preparing")],
        LayerPushed { Phase: LayerPushPhase.Compressing } layer => [Line(layer, "Compressing")],
        LayerPushed { Phase: LayerPushPhase.CompressingAnew } layer => [Line(layer, "Compressing anew: the blob it came in is no longer kept")],
        LayerPushed { Phase: LayerPushPhase.Fetching } layer => [Line(layer, $"Fetching again from {layer.From}")],
        LayerPushed { Phase: LayerPushPhase.AlreadyThere } layer => [Line(layer, "Layer already exists")],
        LayerPushed { Phase: LayerPushPhase.Mounted } layer => [Line(layer, $"Mounted from {layer.From}")],
        LayerPushed { Phase: LayerPushPhase.Sent } layer => [Line(layer, "Pushed")],
        LayerPushed layer =>
        [
            Line(layer, "Pushing") with
            {
                ProgressDetail = new ProgressDetail { Current = layer.Current, Total = layer.Total },
                Progress = TransferWords.Bar(layer.Current, layer.Total),
            },
        ],
        PushEnded ended =>
        [
            new ProgressMessage { Status = $"{ended.Reference.Tag}: digest: {ended.Digest} size: {ended.Size}" },
            new ProgressMessage
            {
                ProgressDetail = new ProgressDetail(),
                Aux = JsonSerializer.SerializeToElement(
                    new PushAux(ended.Reference.Tag ?? "", ended.Digest.ToString(), ended.Size), RegistriesJson.Default.PushAux),
            },
        ],
        _ => [],
    };

    private static ProgressMessage Line(LayerPushed layer, string status) =>
        new() { Status = status, ProgressDetail = new ProgressDetail(), Id = layer.DiffId.Short };
}
