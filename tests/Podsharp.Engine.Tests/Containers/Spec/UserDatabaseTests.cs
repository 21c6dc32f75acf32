using NUnit.Framework;
using Podsharp.Core.Errors;
using Podsharp.Engine.Containers.Spec;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Containers.Spec;

public sealed class UserDatabaseTests
{
    private readonly FakeRootedFiles _files = new()
    {
        Texts =
        {
            ["/etc/passwd"] = "root:x:0:0:root:/root:/bin/sh\napp:x:1000:1001:App:/home/app:/bin/sh\n# note\nbroken\n",
            ["/etc/group"] = "root:x:0:\napp:x:1001:\nwheel:x:10:app,other\naudio:x:29:app\n",
        },
    };

    private UserIdentity Resolve(string user, params string[] groups) => new UserDatabase(_files).Resolve("/root", user, groups);

    [Test]
    public void Is_root_when_nothing_is_said() => Assert.That(Resolve(""), Has.Property("UserId").EqualTo(0u).And.Property("Home").EqualTo("/root"));

    [Test]
    public void Finds_a_name_with_its_group_its_memberships_and_its_home()
    {
        var user = Resolve("app");

        Assert.That((user.UserId, user.GroupId, user.Home), Is.EqualTo((1000u, 1001u, "/home/app")));
        Assert.That(user.AdditionalGroups, Is.EqualTo(new[] { 1001u, 10u, 29u }));
    }

    [Test]
    public void A_named_group_replaces_group_and_memberships()
    {
        var user = Resolve("app:wheel");

        Assert.That(user.GroupId, Is.EqualTo(10u));
        Assert.That(user.AdditionalGroups, Is.EqualTo(new[] { 10u }));
    }

    [Test]
    public void Takes_numbers_that_nobody_has() => Assert.That(Resolve("4242:4343"), Has.Property("UserId").EqualTo(4242u).And.Property("GroupId").EqualTo(4343u));

    [Test]
    public void Gives_an_unlisted_number_the_root_group() => Assert.That(Resolve("4242").GroupId, Is.Zero);

    [Test]
    public void Adds_groups_by_name_and_number() => Assert.That(Resolve("0", "audio", "77").AdditionalGroups, Is.EqualTo(new[] { 0u, 29u, 77u }));

    [TestCase("nobody-here")]
    [TestCase("app:nothing")]
    [TestCase("-1")]
    public void Refuses_names_that_are_not_listed(string user) =>
        Assert.That(() => Resolve(user), Throws.TypeOf<EngineException>().With.Message.Contains("nable to find"));
}
