namespace Podsharp.Benchmarks;

internal sealed partial class EngineApi
{
    // Podman takes nothing for insecure that its files don't name, unless it is told; docker knows no such question.
    private const string Insecure = "tlsVerify=false";

    public Task PullAsync(string repository, string tag) =>
        FollowAsync($"images/create?fromImage={Uri.EscapeDataString(repository)}&tag={tag}{(isPodman ? "&" + Insecure : "")}");

    public Task PushAsync(string repository, string tag) => FollowAsync($"images/{repository}/push?tag={tag}{(isPodman ? "&" + Insecure : "")}");

    public async Task TagAsync(string image, string repository, string tag) =>
        (await SendAsync(HttpMethod.Post, $"images/{image}/tag?repo={Uri.EscapeDataString(repository)}&tag={tag}")).Dispose();

    /// <returns>Bytes of the archive.</returns>
    public Task<long> SaveAsync(string image) => ReadToEndAsync($"images/{image}/get");

    public async Task<byte[]> ListImagesAsync()
    {
        using var response = await SendAsync(HttpMethod.Get, "images/json");
        return await response.Content.ReadAsByteArrayAsync();
    }

    public async Task LoadAsync(Func<Stream, Task> write)
    {
        using var archive = new MemoryStream();
        await write(archive);
        archive.Position = 0;
        await LoadAsync(archive);
    }

    // Failures come in the stream once it has begun.
    private async Task FollowAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Version + path);
        request.Headers.Add("X-Registry-Auth", "e30=");
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var answer = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode || answer.Contains("\"error\"")) throw new InvalidOperationException($"{path}: {answer[Math.Max(0, answer.Length - 500)..]}");
    }
}
