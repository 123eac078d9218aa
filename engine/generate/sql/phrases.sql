-- What people write. {p} is the product. Each list holds bad, middling and good; a review takes from the one that its rating says.

SET VARIABLE openers = [
    ['Really disappointed with the {p}.', 'Not what I expected at all.', 'I wanted to like this {p}, but no.', 'Sent it back.', 'Would give no stars if I could.', 'Second {p} in a year and the last one.',
     'Save yourselves the bother.', 'Oh dear.', 'The picture flatters it.', 'My husband warned me, and he was right.', 'Broke within a fortnight.', 'I''m so cross about this.', 'Looked lovely for about a week.', 'Honestly? A let-down.'],
    ['It''s fine.', 'Does what it says, no more.', 'A decent {p}, with niggles.', 'Mixed feelings about this one.', 'Three stars feels about right.', 'Not bad, not brilliant.', 'OK for what it is.', 'Good in parts.',
     'I''d call it average.', 'The {p} is all right.', 'Still making up my mind.', 'Half happy.'],
    ['Love it!', 'Exactly what I was after.', 'Best {p} I''ve owned.', 'Could not be happier.', 'What a lovely thing.', 'I don''t usually write reviews, but this {p} deserves one.', 'Bought one, then bought another for my sister.',
     'Really pleased with this.', 'Five stars from me.', 'Took a while to decide, and I''m glad I did.', 'Made my weekend.', 'Well worth the wait.', 'Solid, simple, good-looking.', 'A treat every time I use it.', 'Proper job.', 'I read every review before buying, and they were right.']];
SET VARIABLE delivery = [
    ['Delivery took three weeks and nobody told me why.', 'The courier left it out in the rain.', 'Said next day, came the next week.', 'Arrived with the box torn open.', 'Half of it turned up, then silence.', 'I took a day off for a delivery that never came.', 'Tracking said delivered; it wasn''t.'],
    ['Delivery was a day late, no harm done.', 'Came in far too much plastic.', 'Arrived when they said, though the driver was in a hurry.', 'Had to chase the courier once.'],
    ['Arrived the next morning.', 'Delivery was quick and the driver carried it round the back.', 'Came earlier than promised.', 'Beautifully packed, not a scrap of plastic.', 'Ordered on Sunday night, here by Tuesday.', 'Click and collect took two minutes.']];
SET VARIABLE price = [
    ['Far too dear for what you get.', 'I saw it cheaper elsewhere the day after.', 'Nobody should pay full price for this.', 'The price went up while it sat in my basket.', 'The postage cost nearly as much.', 'A discount code that doesn''t work is worse than none.'],
    ['A bit pricey, even with the voucher.', 'I''d wait for the sale.', 'Fair price, I suppose.', 'You get what you pay for.'],
    ['A bargain in the sale.', 'Not cheap, but worth every penny.', 'Great value.', 'Half the price of the big names and just as good.', 'With the twenty per cent off it was a steal.', 'Waited for the offer and got it for next to nothing.']];
SET VARIABLE quality = [
    ['The seams gave way on the second outing.', 'It rusted after one wet week.', 'Feels thin and cheap in the hand.', 'One leg is shorter than the others.', 'The colour washed out straight away.', 'Screws missing, holes in the wrong place.', 'You can see where the paint stops.'],
    ['Finish could be better at the edges.', 'Sturdy enough, a little rough underneath.', 'The colour is darker than online.', 'Took two of us and an hour to put together.'],
    ['Beautifully made.', 'You can feel the quality.', 'It has stood out in all weathers and looks new.', 'Heavy in a good way.', 'The stitching is perfect.', 'It went together in ten minutes.', 'This will see me out.', 'The details are thought through.']];
SET VARIABLE staff = [
    ['Rang twice and was cut off twice.', 'The man in the shop shrugged.', 'Customer service sent me the same answer three times.', 'Still waiting for a reply to my mail.', 'No one in the store knew the product.'],
    ['Staff were polite but could not help.', 'Had to ask three people in the store.', 'The chat took a while, then sorted it.'],
    ['The lady in the shop could not have been kinder.', 'Rang with a question and got a real person who knew.', 'They replaced a chipped one with no fuss.', 'The lad at the till carried it to the car.', 'Helpful advice about the size.', 'Thank you to Morag in the garden department.']];
SET VARIABLE lives = MAP {
    'student': ['Just right for a room in halls.', 'My housemates have already borrowed it.', 'On a student budget every pound counts.', 'Survived freshers'' week.'],
    'young single': ['My first flat finally feels like mine.', 'Bought it on my phone at midnight.', 'Saw it at a friend''s and had to have one.', 'Fits in a tiny London kitchen.'],
    'young couple': ['We moved in last month and this was the first thing up.', 'We argued about the colour and both like it.', 'Ideal for weekends in the van.', 'A wedding present to ourselves.'],
    'young family': ['My two-year-old has not managed to break it yet.', 'With a baby in one arm I still managed.', 'The kids fight over it.', 'Wipes clean after porridge.', 'Ordered while the little one napped.', 'Our son wore it to bed.'],
    'school family': ['The children use it every day after school.', 'Used on the Duke of Edinburgh weekend.', 'Three boys, one football, still in one piece.', 'Half-term sorted.'],
    'single parent': ['On one income I think twice, and I''m careful.', 'My daughter chose it herself.', 'One less thing to worry about.'],
    'single adult': ['Living alone, I want things that last.', 'For my balcony it is the right size.', 'I treat myself once a year.'],
    'empty nest': ['Now that the children have left we have room for it.', 'Bought for my granddaughter''s birthday.', 'We walk every weekend, and notice the difference.', 'For our thirtieth anniversary.'],
    'retired': ['At seventy-four I need tools that are light.', 'The allotment society asked where I got it.', 'My late husband would have approved.', 'I garden every day, so I know.', 'Easy on the back.', 'The robins approve.']};
SET VARIABLE closers = [
    ['Never again.', 'Avoid.', 'I want my money back.', 'Shame.', 'I expected better from this shop.', 'Back to my old one.', 'I''ll shop elsewhere.', 'Not impressed.'],
    ['We''ll see how it lasts.', 'Might buy again in the sale.', 'Could be better.', 'It''ll do.', 'I''d think twice.'],
    ['Highly recommended.', 'Would buy again.', 'Thank you!', 'Go on, get one.', 'Already eyeing the bigger one.', 'Ten out of ten.', 'My friends have all asked about it.', 'Brilliant.', 'Can''t fault it.']];
SET VARIABLE contacts = ['Ring me on 07700 900123.', 'Write to me: a.reader@example.com', 'Photos at https://example.org/mine', 'My number is 07700 900456 if you want details.'];
CREATE OR REPLACE TEMP MACRO phrase(stock, mood, key, name) AS pick(stock[mood], key, name);
CREATE OR REPLACE TEMP MACRO aspect(which, mood, key, name) AS CASE
    WHEN which < 0.30 THEN phrase(getvariable('delivery'), mood, key, name) WHEN which < 0.52 THEN phrase(getvariable('price'), mood, key, name)
    WHEN which < 0.86 THEN phrase(getvariable('quality'), mood, key, name) ELSE phrase(getvariable('staff'), mood, key, name) END;
