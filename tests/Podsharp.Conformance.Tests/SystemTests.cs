namespace Podsharp.Conformance.Tests;

public sealed class SystemTests : SdkTest
{
    [Test]
    public async Task Answers_a_ping() => await Client.System.PingAsync();

    [Test]
    public async Task Tells_its_version()
    {
        var version = await Client.System.GetVersionAsync();

        Assert.That(version.Os, Is.EqualTo("linux"));
        Assert.That(version.APIVersion, Is.Not.Empty);
    }

    [Test]
    public async Task Tells_about_the_machine()
    {
        var info = await Client.System.GetSystemInfoAsync();

        Assert.That(info.NCPU, Is.EqualTo(Environment.ProcessorCount));
        Assert.That(info.Images, Is.Positive);
    }

    // 500 of a dockerd, 503 of ours: clients show its message.
    [Test]
    public void A_registry_that_is_not_there_cannot_be_logged_in_to()
    {
        Assert.That(
            () => Client.System.AuthenticateAsync(new AuthConfig { Username = "who", Password = "ever", ServerAddress = "127.0.0.1:1" }),
            Throws.InstanceOf<DockerApiException>().With.Property("StatusCode").GreaterThanOrEqualTo(global::System.Net.HttpStatusCode.InternalServerError));
    }
}
