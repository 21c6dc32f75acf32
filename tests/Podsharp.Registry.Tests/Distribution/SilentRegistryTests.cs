using Podsharp.Core.Errors;
using Podsharp.Registry.Tests.Fakes;
using Podsharp.Registry.Transport;

namespace Podsharp.Registry.Tests.Distribution;

public sealed class SilentRegistryTests : RegistryTest
{
    private protected override Patience Patience => new() { Retries = 1, Silence = TimeSpan.FromMilliseconds(300), Answer = TimeSpan.FromMilliseconds(300) };

    [Test]
    public async Task Silence_in_the_middle_is_a_broken_transfer()
    {
        var content = Bytes(300_000);
        var calls = 0;
        Registry.On($"GET /v2/a/blobs/{BlobOf(content).Digest}", async context =>
        {
            context.Response.ContentLength = calls == 0 ? content.Length : content.Length - 1000;
            if (calls > 0)
            {
                context.Response.StatusCode = 206;
                context.Response.Headers.ContentRange = $"bytes 1000-{content.Length - 1}/{content.Length}";
            }

            await context.Response.Body.WriteAsync(calls++ == 0 ? content.AsMemory(0, 1000) : content.AsMemory(1000));
            await context.Response.Body.FlushAsync();
            if (calls == 1) await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        Assert.That(await ReadAllAsync(await Open().OpenBlobAsync(BlobOf(content), 0, default)), Is.EqualTo(content));
        Assert.That(calls, Is.GreaterThan(1));
    }

    [Test]
    public async Task No_answer_at_all_is_given_up()
    {
        Registry.On("GET /v2/a/manifests/latest", context => Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default));
        await Assert.ThatAsync(() => Open().GetManifestAsync(Latest, default), Fails(ErrorKind.Unavailable, "no answer from"));
        Assert.That(Registry.CallsOf("GET /v2/a/manifests/latest"), Has.Count.EqualTo(2));
    }
}
