using System.Text.Json;
using Podsharp.Api.Http;
using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Wire.Docker.Images;

namespace Podsharp.Api.Docker.Images;

/// <summary>Reads the query parameter platform: os/arch[/variant], or an OCI platform as JSON.</summary>
internal static class PlatformReader
{
    /// <summary>For a route that takes the parameter several times; empty when it is absent.</summary>
    public static IReadOnlyList<Platform> ReadSeveral(ApiRequest request) => [.. request.Query.List("platform").Select(Parse).OfType<Platform>().Distinct()];

    /// <summary>Null when absent or empty.</summary>
    public static Platform? Read(ApiRequest request) => Parse(request.Query.Text("platform"));

    private static Platform? Parse(string text)
    {
        if (text.Length == 0) return null;
        if (!text.StartsWith('{')) return Platform.Parse(text);
        try
        {
            var platform = JsonSerializer.Deserialize(text, ImagesJson.Default.PlatformQuery);
            if (platform is { Os.Length: > 0, Architecture.Length: > 0 }) return Platform.Of(platform.Os, platform.Architecture, platform.Variant ?? "");
        }
        catch (JsonException)
        {
            // Told below, in words that name the parameter.
        }

        throw EngineException.InvalidInput($"invalid platform {text}: want JSON with os and architecture, or os/architecture");
    }
}
