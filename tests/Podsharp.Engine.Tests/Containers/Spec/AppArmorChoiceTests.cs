using NUnit.Framework;
using Podsharp.Core.Containers;
using Podsharp.Core.Host;
using Podsharp.Engine.Containers.Spec;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Containers.Spec;

public sealed class AppArmorChoiceTests
{
    private static readonly FakeHost Host = new() { DefaultAppArmorProfile = "ours" };

    [Test]
    public async Task Where_nothing_is_said_it_is_the_engines_own() => Assert.That(await ChooseAsync(), Is.EqualTo("ours"));

    [Test]
    public async Task A_privileged_container_has_none() => Assert.That(await ChooseAsync(privileged: true), Is.Empty);

    [Test]
    public async Task What_the_configuration_names_goes_before_the_engines_own() =>
        Assert.That(await ChooseAsync(configured: "theirs"), Is.EqualTo("theirs"));

    [TestCase("apparmor=mine", "mine")]
    [TestCase("apparmor=unconfined", "unconfined")]
    public async Task What_the_container_asks_for_goes_before_all(string option, string profile) =>
        Assert.That(await ChooseAsync(privileged: true, configured: "theirs", option), Is.EqualTo(profile));

    [Test]
    public async Task Without_AppArmor_there_is_none()
    {
        var host = new FakeHost { DefaultAppArmorProfile = "ours" };

        Assert.That(await AppArmorChoice.OfAsync(Spec(false, "apparmor=mine"), host, new EngineOptions()), Is.Empty);
    }

    private static async Task<string> ChooseAsync(bool privileged = false, string configured = "", params string[] options)
    {
        Host.Facts = Host.Facts with { AppArmor = true };
        return await AppArmorChoice.OfAsync(Spec(privileged, options), Host, new EngineOptions { AppArmorProfile = configured });
    }

    private static ContainerSpec Spec(bool privileged, params string[] options) =>
        new() { Security = new SecuritySpec { Privileged = privileged, Options = options } };
}
