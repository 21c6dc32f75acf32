using Podsharp.Api.Docker.Images;
using Podsharp.Api.Http;
using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Core.Registries;
using Podsharp.Engine.Images.Pull;
using Podsharp.Wire.Docker.Streams;

namespace Podsharp.Api.Docker.Registries;

/// <summary>POST /images/create?fromImage=…: a pull.</summary>
internal static class PullHandler
{
    public static async Task PullAsync(ApiRequest request, PullImage pull)
    {
        var reference = ReadName(request.Query.Text("fromImage"), request.Query.Text("tag"));
        var asked = new PullImageRequest
        {
            Candidates = [reference],
            Platform = PlatformReader.Read(request),
            Credentials = AuthReader.ForTarget(request),
            Rules = new EndpointRules { LoopbackIsInsecure = true },
        };
        var lines = new PullLines(request);
        try
        {
            await pull.RunAsync(asked, lines.ReportAsync, request.Aborted);
        }
        catch (EngineException failure)
        {
            var told = TransferWords.OfPull(failure, reference);
            if (!lines.HasBegun) throw told;
            await lines.WriteAsync(ProgressMessage.Failure(told.Message));
        }
    }

    /// <summary>Without a tag anywhere all tags are meant.</summary>
    private static ImageReference ReadName(string name, string tag)
    {
        var reference = ImageReference.Parse(name);
        if (tag.Length == 0) return reference;
        return tag.Contains(':', StringComparison.Ordinal) ? reference.WithDigest(Digest.Parse(tag)) : reference.WithTag(tag);
    }
}
