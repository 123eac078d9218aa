-- What each rule of this project takes, worked out from the raw file and from what the rules say, not from the engine.
-- Run it where clothing_reviews/ lies. One row a group: items, those for which it cannot be told, and how many reviews the items have.
-- Averages are compared as whole numbers: points against so many times the number of reviews.
WITH review AS (
  SELECT "Clothing ID"::BIGINT AS item, "Age"::INT AS age, "Rating"::INT AS rating, "Recommended IND"::INT AS recommended,
    nullif("Review Text", '') AS words, nullif("Department Name", '') AS department
  FROM read_csv('clothing_reviews/Womens Clothing E-Commerce Reviews.csv', header = true, all_varchar = true)
), item AS (
  SELECT item, max(department) AS department, count(*) AS n, sum(rating) AS points, sum(recommended) AS recommended,
    sum(CASE WHEN rating < 3 THEN 1 ELSE 0 END) AS complaints, sum(CASE WHEN words IS NULL THEN 0 ELSE 1 END) AS texts, sum(age) AS ages,
    sum(CASE WHEN age < 30 THEN 1 ELSE 0 END) AS young, sum(CASE WHEN age < 30 THEN rating ELSE 0 END) AS young_points
  FROM review GROUP BY item
), labelled AS (
  SELECT *,
    CASE WHEN n >= 100 AND 5 * points >= 21 * n THEN 'star' WHEN n >= 100 THEN 'talk_of_the_town' WHEN n >= 10 THEN 'noticed' ELSE 'quiet' END AS attention,
    CASE WHEN young = 0 THEN NULL WHEN 2 * young_points >= 9 * young THEN 'love' WHEN 2 * young_points >= 7 * young THEN 'like' ELSE 'dislike' END AS verdict
  FROM item
), verdict AS (
  SELECT n, unnest([
    {g: 'well_loved', v: n >= 10 AND 2 * points >= 9 * n},
    {g: 'troubled', v: n >= 10 AND 5 * complaints >= n},
    {g: 'recommended_by_all', v: recommended = n AND n >= 3},
    {g: 'much_discussed', v: n >= 100},
    {g: 'wordless', v: texts = 0},
    {g: 'loved_by_the_young', v: CASE WHEN young > 0 THEN 2 * young_points >= 9 * young END},
    {g: 'tops_or_trend', v: left(department, 1) = 'T'},
    {g: 'department_unknown', v: department IS NULL},
    {g: 'older_reviewers', v: ages >= 50 * n},
    {g: 'attention/star', v: attention = 'star'}, {g: 'attention/talk_of_the_town', v: attention = 'talk_of_the_town'},
    {g: 'attention/noticed', v: attention = 'noticed'}, {g: 'attention/quiet', v: attention = 'quiet'},
    {g: 'young_verdict/love', v: verdict = 'love'}, {g: 'young_verdict/like', v: verdict = 'like'}, {g: 'young_verdict/dislike', v: verdict = 'dislike'},
    {g: 'persona/runaway_success', v: attention = 'star'},
    {g: 'rows/catalogue', v: true}, {g: 'rows/items', v: true}
  ], recursive := true)
  FROM labelled
), star AS (
  SELECT * FROM labelled WHERE attention = 'star'
)
SELECT g AS "group", count(*) FILTER (v) AS members, count(*) - count(v) AS unknown,
  CASE WHEN g NOT LIKE 'rows/%' THEN coalesce(sum(n) FILTER (v), 0) END AS value
FROM verdict GROUP BY g
UNION ALL SELECT 'rows/reviews', count(*), 0, NULL FROM review
UNION ALL SELECT 'problem/reviews/A review says something', count(*), 0, NULL FROM review WHERE words IS NULL
-- What the persona says: members are those whom a number rests on, value is the number.
UNION ALL SELECT 'stat/runaway_success/median(item.reviews)', count(*), 0, quantile_cont(n, 0.5) FROM star
UNION ALL SELECT 'stat/runaway_success/avg(item.rating)', count(*), 0, avg(points / n) FROM star
UNION ALL SELECT 'stat/runaway_success/share(item.department == ''Tops'')', count(*), 0, count(*) FILTER (department = 'Tops') / count(*) FROM star
UNION ALL SELECT 'stat/runaway_success/sum(item.complaints)', count(*), 0, sum(complaints) FROM star
UNION ALL SELECT 'stat/runaway_success/evidence.reviews.count()', count(*), 0, count(*) FROM review
UNION ALL SELECT 'stat/runaway_success/evidence.reviews.share(review.recommended)', count(*), 0, count(*) FILTER (recommended = 1) / count(*) FROM review
UNION ALL SELECT 'stat/runaway_success/evidence.reviews.median(review.age)', count(*), 0, quantile_cont(age, 0.5) FROM review
UNION ALL SELECT 'stat/runaway_success/evidence.reviews.percentile(review.age, 90)', count(*), 0, quantile_cont(age, 0.9) FROM review
UNION ALL SELECT 'stat/runaway_success/evidence.reviews.avg(review.rating)', count(*), 0, avg(rating) FROM review
UNION ALL SELECT 'stat/runaway_success/evidence.reviews.share(!has(review.text) || review.text.size() < 20)', count(*), 0, count(*) FILTER (words IS NULL OR length(words) < 20) / count(*) FROM review
ORDER BY 1
