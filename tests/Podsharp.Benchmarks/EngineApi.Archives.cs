namespace Podsharp.Benchmarks;

internal sealed partial class EngineApi
{
    /// <summary>Unpacks a tar in a directory of a container.</summary>
    public async Task PutArchiveAsync(string container, string directory, byte[] tar)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"{Version}containers/{container}/archive?path={directory}") { Content = new ByteArrayContent(tar) };
        request.Content.Headers.ContentType = new("application/x-tar");
        using var response = await _http.SendAsync(request);
        if (!response.IsSuccessStatusCode) throw new InvalidOperationException(await response.Content.ReadAsStringAsync());
    }

    /// <returns>Bytes of the tar of a path of a container.</returns>
    public Task<long> GetArchiveAsync(string container, string path) => ReadToEndAsync($"containers/{container}/archive?path={path}");

    /// <summary>One measurement, with nothing to compare it with.</summary>
    public Task<long> StatsAsync(string container) => ReadToEndAsync($"containers/{container}/stats?stream=false&one-shot=true");

    /// <summary>Any address that is only read.</summary>
    public Task<long> GetAsync(string path) => ReadToEndAsync(path);
}
