using System.Text.Json.Nodes;

namespace Podsharp.Differential.Play;

/// <summary>Which engine the peer is: the name of its allow-list, and what a step is skipped for.</summary>
public static class PeerKind
{
    /// <returns>"podman", or "docker" for any other that answers.</returns>
    /// <exception cref="HttpRequestException">nothing answers there.</exception>
    public static async Task<string> AskAsync(string socket)
    {
        using var http = EngineUnderTest.ConnectTo(socket);
        var version = JsonNode.Parse(await http.GetStringAsync("/version"));
        var components = version?["Components"] as JsonArray ?? [];
        return components.Any(component => (string?)component?["Name"] == "Podman Engine") ? "podman" : "docker";
    }
}
