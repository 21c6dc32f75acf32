namespace Podsharp.Benchmarks;

internal sealed partial class EngineApi
{
    // Podman takes no registry for insecure that its files don't name, but by its own dialect it can be told so.
    public Task PullAsync(string repository, string tag) => FollowAsync(isPodman
        ? $"v4.0.0/libpod/images/pull?reference={Uri.EscapeDataString($"{repository}:{tag}")}&tlsVerify=false"
        : Version + $"images/create?fromImage={Uri.EscapeDataString(repository)}&tag={tag}");

    public Task PushAsync(string repository, string tag) => FollowAsync(isPodman
        ? $"v4.0.0/libpod/images/{Uri.EscapeDataString($"{repository}:{tag}")}/push?tlsVerify=false"
        : Version + $"images/{repository}/push?tag={tag}");

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
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Headers.Add("X-Registry-Auth", "e30=");
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var answer = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode || answer.Contains("\"error\"")) throw new InvalidOperationException($"{path}: {answer[Math.Max(0, answer.Length - 500)..]}");
    }
}
