using Podsharp.Core.Errors;
using Podsharp.Testing;

namespace Podsharp.Api.Tests.Images;

public sealed class SaveRoutesTests
{
    private ImageServer _server = null!;

    [SetUp]
    public async Task StartAsync() => _server = await ImageServer.StartAsync();

    [TearDown]
    public async Task StopAsync() => await _server.DisposeAsync();

    [Test]
    public async Task Several_images_come_in_one_archive()
    {
        _server.Store.Put(Samples.Image("one", "app:1"));
        _server.Store.Put(Samples.Image("two", "team/other:2"));

        var (status, body) = await _server.SendAsync("GET", "/v1.51/images/get?names=app%3A1&names=team/other:2");

        Assert.That(status, Is.EqualTo(200));
        Assert.That(body.Split('\n'), Is.EqualTo(new[] { $"{Samples.Digest("one").Short} app:1", $"{Samples.Digest("two").Short} team/other:2" }));
        Assert.That((await _server.SendAsync("GET", "/images/team/other:2/get")).Body, Does.EndWith("team/other:2"));
    }

    [Test]
    public async Task What_is_missing_is_told_before_the_head()
    {
        _server.Store.Put(Samples.Image("one", "app:1"));

        Assert.That(await _server.FailAsync("GET", "/images/get?names=app:1&names=nope:1"), Is.EqualTo((404, (string?)"No such image: nope:1")));
        Assert.That((await _server.FailAsync("GET", "/v1.51/images/app:1/get?platform=linux/arm64")).Status, Is.EqualTo(404));
        Assert.That((await _server.FailAsync("GET", "/v1.51/images/app:1/get?platform=linux/amd64&platform=linux/arm64")).Status, Is.EqualTo(404));
    }

    [Test]
    public async Task A_failure_in_the_middle_is_no_clean_end()
    {
        _server.Store.Put(Samples.Image("one", "app:1"));
        _server.Exports.FailureInTheMiddle = EngineException.Internal("the disk is broken");

        await Assert.ThrowsAsync<HttpRequestException>(() => _server.SendAsync("GET", "/images/app:1/get"));
    }
}
