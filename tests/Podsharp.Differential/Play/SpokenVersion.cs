using System.Net;

namespace Podsharp.Differential.Play;

/// <summary>The version in which an engine is asked.</summary>
public static class SpokenVersion
{
    /// <returns>The one that is wanted, or the engine's newest where it refuses that one.</returns>
    /// <exception cref="HttpRequestException">nothing answers there.</exception>
    public static async Task<string> AskAsync(string socket, string wanted)
    {
        using var http = EngineUnderTest.ConnectTo(socket);
        using var inWanted = await http.GetAsync($"/v{wanted}/_ping");
        if (inWanted.StatusCode != HttpStatusCode.BadRequest) return wanted;
        using var inNewest = await http.GetAsync("/_ping");
        return inNewest.Headers.GetValues("Api-Version").First();
    }
}
