using Podsharp.Core.Errors;
using Podsharp.Core.Registries;
using Podsharp.Registry.Tests.Fakes;

namespace Podsharp.Registry.Tests.Transport;

public sealed class RetryTests : RegistryTest
{
    private int _calls;

    [SetUp]
    public void Prepare() => _calls = 0;

    [TestCase(429)]
    [TestCase(500)]
    [TestCase(502)]
    [TestCase(503)]
    [TestCase(504)]
    public async Task What_may_pass_is_asked_again_with_growing_pauses(int status)
    {
        Fail(times: 3, status);
        await Open().GetManifestAsync(Latest, default);
        Assert.That(_calls, Is.EqualTo(4));
        Assert.That(Clock.Pauses, Has.Count.EqualTo(3));
        Assert.That(Clock.Pauses[2], Is.GreaterThan(Clock.Pauses[0]));
    }

    [Test]
    public async Task The_registry_says_how_long_to_wait()
    {
        Fail(times: 2, 429, "7");
        await Open().GetManifestAsync(Latest, default);
        Assert.That(Clock.Pauses, Is.EqualTo([TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(7)]));
    }

    [Test]
    public async Task A_date_to_wait_for_is_understood()
    {
        Fail(times: 1, 503, (Clock.GetUtcNow() + TimeSpan.FromSeconds(9)).ToString("R"));
        await Open().GetManifestAsync(Latest, default);
        Assert.That(Clock.Pauses.Single().TotalSeconds, Is.EqualTo(9).Within(1));
    }

    [Test]
    public async Task A_date_to_wait_for_is_reckoned_by_the_registrys_clock_where_ours_went_back()
    {
        var now = Clock.GetUtcNow();
        Clock.WallStep = TimeSpan.FromHours(-6);
        Registry.On("GET /v2/a/manifests/latest", context =>
        {
            if (++_calls > 1) return AnswerAsync(context);
            context.Response.StatusCode = 503;
            context.Response.Headers.Date = now.ToString("R");
            context.Response.Headers.RetryAfter = (now + TimeSpan.FromSeconds(9)).ToString("R");
            return Task.CompletedTask;
        });
        await Open().GetManifestAsync(Latest, default);
        Assert.That(Clock.Pauses.Single().TotalSeconds, Is.EqualTo(9).Within(1));
    }

    [Test]
    public async Task Who_wants_too_long_a_pause_is_not_waited_for()
    {
        Fail(times: 9, 429, "3600");
        await Assert.ThatAsync(() => Open().GetManifestAsync(Latest, default), Fails(ErrorKind.TooManyRequests, "Retry-After 3600"));
        Assert.That(_calls, Is.EqualTo(1));
    }

    [TestCase(429, ErrorKind.TooManyRequests)]
    [TestCase(503, ErrorKind.Unavailable)]
    public async Task It_is_given_up_in_the_end(int status, ErrorKind kind)
    {
        Fail(times: 99, status);
        await Assert.ThatAsync(() => Open().GetManifestAsync(Latest, default), Fails(kind));
        Assert.That(_calls, Is.EqualTo(4));
    }

    [TestCase(400)]
    [TestCase(403)]
    [TestCase(404)]
    [TestCase(501)]
    public async Task What_will_not_pass_is_not_asked_again(int status)
    {
        Fail(times: 99, status);
        await Assert.ThatAsync(() => Open().GetManifestAsync(Latest, default), Throws.TypeOf<EngineException>());
        Assert.That(_calls, Is.EqualTo(1));
    }

    [Test]
    public async Task A_lost_connection_is_tried_again()
    {
        Registry.On("GET /v2/a/manifests/latest", async context =>
        {
            if (_calls++ < 2) context.Abort();
            else await AnswerAsync(context);
        });
        await Open().GetManifestAsync(Latest, default);
        Assert.That(_calls, Is.EqualTo(3));
    }

    [Test]
    public async Task Where_nobody_listens_it_is_told_soon()
    {
        var endpoint = Registry.Endpoint("a");
        await Registry.DisposeAsync();
        await Assert.ThatAsync(
            () => Client.Open(endpoint, null, RepositoryAccess.Pull).GetManifestAsync(Latest, default), Fails(ErrorKind.Unavailable, $"registry {endpoint.Host} cannot be reached", "connection refused"));
        Assert.That(Clock.Pauses, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task A_name_that_is_none_is_told_at_once()
    {
        await Assert.ThatAsync(
            () => Client.Open(new RegistryEndpoint("no-such-host.invalid", "a"), null, RepositoryAccess.Pull).GetManifestAsync(Latest, default), Fails(ErrorKind.Unavailable, "no-such-host.invalid"));
        Assert.That(Clock.Pauses, Is.Empty);
    }

    [Test]
    public async Task Cancelling_ends_the_waiting()
    {
        using var source = new CancellationTokenSource();
        Registry.On("GET /v2/a/manifests/latest", async context =>
        {
            await source.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        await Assert.ThatAsync(() => Open().GetManifestAsync(Latest, source.Token), Throws.InstanceOf<OperationCanceledException>());
    }

    private void Fail(int times, int status, string? retryAfter = null) => Registry.On("GET /v2/a/manifests/latest", async context =>
    {
        if (_calls++ >= times)
        {
            await AnswerAsync(context);
            return;
        }

        context.Response.StatusCode = status;
        context.Response.Headers.Date = Clock.GetUtcNow().ToString("R");
        if (retryAfter is not null) context.Response.Headers.RetryAfter = retryAfter;
    });

    private static Task AnswerAsync(Microsoft.AspNetCore.Http.HttpContext context)
    {
        context.Response.ContentType = ManifestTypes.OciManifest;
        return context.Response.Body.WriteAsync(System.Text.Encoding.UTF8.GetBytes(Manifest)).AsTask();
    }
}
