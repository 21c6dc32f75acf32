using Podsharp.Engine.Containers.Labels;

namespace Podsharp.Engine.Tests.Containers.Labels;

public sealed class CategoryPairsTests
{
    [Test]
    public void A_pair_is_two_categories_in_their_order()
    {
        var pairs = Rolling(7, 7, 700, 3);

        Assert.That(pairs.Take([]).Text, Is.EqualTo("c3,c700"));
    }

    [Test]
    public void What_a_container_has_is_not_given_again()
    {
        var pairs = Rolling(1, 2, 2, 3, 4, 5);

        Assert.That(pairs.Take(["s0:c1,c2", "s0:c2,c3"]).Text, Is.EqualTo("c4,c5"));
    }

    [Test]
    public void What_is_taken_is_not_given_again_until_it_is_given_back()
    {
        var pairs = Rolling(1, 2, 2, 1, 3, 4, 1, 2);

        using (pairs.Take([])) Assert.That(pairs.Take([]).Text, Is.EqualTo("c3,c4"));

        Assert.That(pairs.Take([]).Text, Is.EqualTo("c1,c2"));
    }

    [Test]
    public void The_pair_of_those_that_are_not_kept_apart_is_nobodys()
    {
        var pairs = Rolling(1022, 1023, 0, 1023);

        Assert.That(pairs.Take([]).Text, Is.EqualTo("c0,c1023"));
    }

    [Test]
    public void All_who_ask_at_once_get_different_ones()
    {
        var pairs = new CategoryPairs();
        var taken = new string[2000];

        Parallel.For(0, taken.Length, index => taken[index] = pairs.Take([]).Text);

        Assert.That(taken, Is.Unique);
    }

    private static CategoryPairs Rolling(params int[] numbers)
    {
        var queue = new Queue<int>(numbers);
        return new CategoryPairs(_ => queue.Dequeue());
    }
}
